import type { RawEvent } from './event.js'

/** What `createParser` takes. */
export interface ParserOptions {
  /** Called for every event, in order, as soon as the blank line that ends it has arrived. */
  onEvent: (event: RawEvent) => void
  /** Called with the reconnection time, in ms, when a `retry` line ends. */
  onRetry?: ((ms: number) => void) | undefined
  /** Called with the text of a comment line: what follows its colon, without one space. */
  onComment?: ((comment: string) => void) | undefined
  /**
   * The most that the data, type and id of one event may measure together, in UTF-16 code units.
   * A line of any kind may be 7 longer.
   *
   * @defaultValue 4 MiB: 4,194,304
   */
  maxEventSize?: number | undefined
  /**
   * The last event ID to start from.
   *
   * @defaultValue `''`
   */
  lastEventId?: string | undefined
}
