import type { SSEError } from '../protocol/errors.js'
import type { SSEEvent } from '../protocol/event.js'
import type { ReconnectReason, Status } from '../connection/transition.js'

/** A stream as one reader sees it at one moment. Never changes; another moment is another object. */
export interface SSESnapshot<E extends SSEEvent = SSEEvent> {
  readonly status: Status
  /** `status === 'open'`. */
  readonly isConnected: boolean
  /** The newest event's data; `null` before the first. */
  readonly data: E['data'] | null
  /** The newest event; `null` before the first. */
  readonly lastEvent: E | null
  /** The newest event of each type. Without `events`: of the 256 types last seen. */
  readonly latest: { readonly [K in E['type']]?: Extract<E, { readonly type: K }> }
  /** The last `history` events, oldest first; empty unless `history` was asked for. */
  readonly history: readonly E[]
  /** What went wrong; `null` again from the next open. */
  readonly error: SSEError | null
  /** Failed attempts in a row. */
  readonly attempt: number
  /** When the next attempt starts, in epoch ms; `null` when none waits. */
  readonly retryAt: number | null
  /** Why the stream reconnects: a routine end by the server is `'planned'`. */
  readonly reconnectReason: ReconnectReason
  /** The cursor: the last event ID that a reconnect sends. */
  readonly lastEventId: string
}

/** What a reader sees that reads nothing: no source, not mounted yet, or on a server. */
export const IDLE_SNAPSHOT: SSESnapshot<never> = Object.freeze({
  status: 'idle',
  isConnected: false,
  data: null,
  lastEvent: null,
  latest: Object.freeze({}),
  history: Object.freeze([]),
  error: null,
  attempt: 0,
  retryAt: null,
  reconnectReason: null,
  lastEventId: '',
})
