import type { NotOfOneAnswer } from '../options/check-options.js'
import type { SourceOptions } from '../options/source.js'
import type { SSEError } from '../protocol/errors.js'
import type { SSEEvent } from '../protocol/event.js'

/** Where a request stands. */
export type RequestStatus = 'idle' | 'starting' | 'streaming' | 'done' | 'stopped' | 'failed'

/** A request as it is at one moment. Never changes; another moment is another object. */
export interface RequestSnapshot<V> {
  readonly status: RequestStatus
  /** What `reduce` has made of the answer so far; kept by `stop()` and by what fails. */
  readonly value: V
  readonly error: SSEError | null
  /** What has come of the answer: bytes as far as the transport tells of them, and events. */
  readonly progress: { readonly bytes: number; readonly events: number }
  /** Times in epoch ms; `null` before. */
  readonly startedAt: number | null
  readonly firstEventAt: number | null
  readonly endedAt: number | null
  /** Of the newest event that had an id: from where `resume()` goes on. */
  readonly lastEventId: string
}

/** What a run has of its own, beside the options. */
export type RunOptions = Pick<Partial<SourceOptions>, 'url' | 'body' | 'headers'>

/** Where a run goes on. Default: where the last one stopped. */
export interface ResumeOptions<V> extends RunOptions {
  readonly lastEventId?: string | undefined
  /** What the events up to there have made: after a reload, say. */
  readonly value?: V | undefined
}

/** Methods of a request. They never throw, and stay the same. */
export interface RequestMethods<V> {
  /**
   * Sends the request, and ends the run before it: nothing of that shows any more.
   *
   * @returns a promise of the value once it is `done` or `stopped`; it rejects with the `SSEError` of what failed, and with
   * an `AbortError` where another run, `clear()` or an unmount came between. Nobody has to handle it.
   */
  readonly start: (run?: RunOptions) => Promise<V>
  /** Ends the run, and keeps its value. */
  readonly stop: () => void
  /** Goes on from an id, with the value that there is: for servers that number the events of an answer. */
  readonly resume: (run?: ResumeOptions<V>) => Promise<V>
  /** Ends the run, and forgets its value. */
  readonly clear: () => void
}

/** What `createSSERequest` takes: a source that is asked for once a run, and how its events become a value. */
export interface SSERequestOptions<V, E extends SSEEvent = SSEEvent> extends Omit<SourceOptions<E>, NotOfOneAnswer> {
  /** The value before the first event. `[]` and `null` say nothing of what comes: write `[] as Item[]`, `null as Item | null`. */
  readonly initial: V
  /** Called for each event, in order; what it throws fails the run. */
  readonly reduce: (value: V, event: E) => V | Untyped<V>
  /** `stop()` was called while it ran: for servers that have to be told. */
  readonly onStop?: ((value: V) => void) | undefined
}

/** What the compiler says where `initial` has no type of its own. */
export type Untyped<V> = [V] extends [readonly never[]]
  ? { readonly [index: number]: unknown; readonly 'initial: [] says nothing of what comes: write [] as Item[]': never }
  : [V] extends [null | undefined]
    ? { readonly 'initial: null says nothing of what comes: write null as Item | null': never }
    : never

/** One request and the answer to it, as often as it is started. */
export interface SSERequest<V> extends RequestMethods<V> {
  readonly getSnapshot: () => RequestSnapshot<V>
  /** Calls `listener` when there is another snapshot: once a frame at most. Gives what stops it. */
  readonly subscribe: (listener: () => void) => () => void
  /** Ends the run, and releases everything. */
  readonly dispose: () => void
}
