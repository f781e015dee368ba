/** One event as the wire gave it: the fields of the WHATWG standard's `MessageEvent`, strings all. */
export interface RawEvent {
  /** The event type; `'message'` when the block had no `event` field or an empty one. */
  readonly type: string
  /** The data lines, joined by U+000A. */
  readonly data: string
  /** The last event ID as of this event (sticky: an event without an `id` field carries the one before). */
  readonly lastEventId: string
}

/** An event as listeners get it. */
export interface SSEEvent<T = unknown, K extends string = string> {
  readonly type: K
  /** The decoded data. */
  readonly data: T
  /** The data as it came. */
  readonly raw: string
  readonly lastEventId: string
  /** When it arrived, in epoch ms. */
  readonly receivedAt: number
  /** Counts the events of its stream from 1: unique and rising, fit for a React key. */
  readonly seq: number
}
