import type { RawEvent } from './event.js'

/** Settings of `createParser`. */
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

/** Reads one event stream. */
export interface Parser {
  /**
   * Reads the next bytes of the stream, cut anywhere, and calls the handlers before it returns.
   *
   * What a handler throws is thrown from here at once; the rest of the bytes is kept, and comes first in the next
   * call. When a handler calls `feed`, its bytes come after those that are being read. `bytes` may change once this
   * returns or throws, not before.
   *
   * @throws `SSEError` `too-large` when an event is larger than `maxEventSize`. The parser has then ended.
   * @throws TypeError when `bytes` is no `Uint8Array`.
   */
  feed(bytes: Uint8Array): void
  /**
   * Ends the stream. What has not been read is dropped, as is a block without its blank line; `feed` does nothing.
   *
   * @returns whether it ended in the middle of an event, or of a line that may be of one
   */
  end(): boolean
  /** The last event ID as of the last block that has ended. */
  readonly lastEventId: string
}
