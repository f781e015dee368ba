import type { SSEError } from '../protocol/errors.js'
import type { RawEvent, SSEEvent } from '../protocol/event.js'
import type { OpenInfo } from '../protocol/transport.js'
import type { DataOf, Decoded, Decoder } from './decoder.js'

/** Where errors go that a user's function threw. */
export type Report = (error: unknown) => void

/** Event types and how to decode each. */
export type EventMap = Readonly<Record<string, Decoder>>

/**
 * The events of a map, as a union discriminated by `type`.
 *
 * @typeParam U - what they are where no map was given, and `M` is `never`
 */
export type EventsOf<M extends EventMap, U extends SSEEvent = SSEEvent> = [M] extends [never]
  ? U
  : { [K in keyof M & string]: SSEEvent<Decoded<M[K]>, K> }[keyof M & string]

/** The events of a source: by type where it has `events`, else what its decoder makes, else what the caller believes. */
export type EventsIn<T, D extends Decoder, M extends EventMap> = EventsOf<M, SSEEvent<DataOf<T, D>>>

/** Their data. */
export type DataIn<T, D extends Decoder, M extends EventMap> = [M] extends [never] ? DataOf<T, D> : EventsOf<M>['data']

/** How data is read: decoders by type, or one for all. What hooks know of the data they know from here. */
export interface Reading<D extends Decoder, M extends EventMap> {
  /** Decoders by event type. Other types go to `onUndeclared` only. Default: none, and `decode` reads every type. */
  readonly events?: M | undefined
  /** How to read every event's data, in place of `events`. Default `'json'`. */
  readonly decode?: D | undefined
}

/** Options without what says how data is read. */
export type Unread<O> = Omit<O, keyof Reading<never, never>>

// Parameters compare bivariantly, as methods' do: a callback for one event type may stand where any is taken.
type Callback<A extends unknown[], R = void> = { bivariant(...args: A): R }['bivariant']

/** What a stream that came back knows of the time between. */
export interface Resumption {
  /** The cursor was sent. */
  readonly resumed: boolean
  /**
   * Events may be missing. `false` only where someone vouches that the server replays from the cursor: the answer's
   * header `Last-Event-ID`, or the option `replays`.
   */
  readonly gapPossible: boolean
}

/**
 * Why what was folded counts no more: the server said that the cursor is too old, by a status or an event, or the stream
 * went on without a state that was kept (`'storage'`).
 */
export interface Reset {
  readonly reason: 'status' | 'event' | 'storage'
}

/** How a stream ended as meant. */
export interface Closing {
  /** `close()`; this reader's `until`; the server's end of a stream that is not live; a 204. */
  readonly reason: 'close' | 'until' | 'end' | 'no-content'
}

/** An event before it is decoded, as `until` and `isError` see it. */
export interface SeenEvent {
  readonly type: string
  readonly raw: string
  readonly lastEventId: string
}

/** Options of one reader: each hook and subscription has its own. Callbacks are the newest closure, called outside render. */
export interface ReaderOptions<E extends SSEEvent = SSEEvent, T = E['data']> {
  /** Decoders by event type. Other types go to `onUndeclared` only. Default: none, and `decode` reads every type. */
  events?: EventMap | undefined
  /** How to read every event's data, in place of `events`. Default `'json'`. */
  decode?: Decoder | undefined
  /** What an event that can't be decoded does: `'report'` makes it one error, `'drop'` nothing. Default `'report'`. */
  onInvalid?: 'report' | 'drop' | undefined
  /** Gets the events whose type `events` does not name. */
  onUndeclared?: Callback<[raw: RawEvent]> | undefined
  /** For `useSSERequest`, beside which others take the same object: ignored elsewhere. Default: none. */
  initial?: unknown
  /** For `useSSERequest`: ignored elsewhere. Default: none. */
  reduce?: ((value: never, event: never) => unknown) | undefined
  /** How many of the last events to keep, in events. Default 0. */
  history?: number | undefined
  /** `false` is the same as no source. Default `true`. */
  enabled?: boolean | undefined
  /** Show the last source's data until the new one has some. Default `false`. */
  keepPreviousData?: boolean | undefined
  /**
   * Sees each event before it is decoded. On the first `true` this reader is done, and does not get the event, as
   * `[DONE]`; on `'last'` it gets it first. A promise is no answer. Default: none, and it reads on.
   */
  until?: Callback<[event: SeenEvent], boolean | 'last' | null | undefined> | undefined
  /** The stream is open: `info` has the answer's status and headers, where the transport sees them. */
  onOpen?: Callback<[info: OpenInfo]> | undefined
  /** Every event, once, in order. */
  onMessage?: Callback<[data: T, event: E]> | undefined
  /** The connection failed or broke, is retried or not, or an event could not be decoded: `error.code` says which. */
  onError?: Callback<[error: SSEError]> | undefined
  /** The stream ended as meant. */
  onClose?: Callback<[closing: Closing]> | undefined
  /** The stream is open again. Told once more when what comes belies that there was no gap. */
  onResume?: Callback<[resumption: Resumption]> | undefined
  /** The server said that the cursor is too old: the stream starts over, and what was folded from it counts no more. */
  onReset?: Callback<[reset: Reset]> | undefined
  /** All events since the last publication, in order, none skipped: for stores that take many at once. */
  onBatch?: Callback<[events: readonly E[]]> | undefined
}
