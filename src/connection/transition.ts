import type { SSEError } from '../protocol/errors.js'

/**
 * Where a stream stands.
 *
 * - `idle`: nobody asked yet
 * - `connecting`: the first attempt is under way
 * - `open`: the server answered with an event stream
 * - `reconnecting`: it was lost and another attempt waits or is under way
 * - `paused`: held back until the page or the network returns
 * - `closed`: ended as meant, by `close()`, a 204 or the end of a stream that is not live
 * - `failed`: will not retry; `error` says why
 */
export type Status = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'paused' | 'closed' | 'failed'

/** Why a stream reconnects: the server ended it properly (`planned`) or something broke. */
export type ReconnectReason = 'planned' | 'error' | null

/** Everything that decides what a connection does next. Plain data, as the actions are. Times are epoch ms. */
export interface ConnectionState {
  readonly status: Status
  /** Counts attempts; news of an older one is no news. */
  readonly generation: number
  /** An attempt is under way. */
  readonly running: boolean
  /** Failed attempts in a row. */
  readonly attempt: number
  readonly error: SSEError | null
  /** When the next attempt starts; while one is running, when the transport's own next one does. */
  readonly retryAt: number | null
  /** When the open stream counts as stable. */
  readonly stableAt: number | null
  readonly reconnectReason: ReconnectReason
  /** The stream has been open at least once. */
  readonly opened: boolean
  /** Something was received in this attempt. */
  readonly useful: boolean
  /** Credentials were asked afresh since the last open. */
  readonly asked: boolean
  /** The stream's `retry:`, in ms. */
  readonly serverRetryMs: number | null
  /** When the last attempt began; `null` once it was stable, so that the next may begin at any time. */
  readonly startedAt: number | null
  /** When the call of a method began an attempt last. */
  readonly wishedAt: number | null
  /** Times in a row that native EventSource gave up without an open. */
  readonly unopened: number
  /** Attempts in a row that got no answer in time. */
  readonly unanswered: number
  /** The server asked not to be asked before; `null` where it did not. */
  readonly notBefore: number | null
  /** What holds it back: a page that froze, was left or hides, or a network that is not there. */
  readonly held: Holder | null
}

/** A `page` lets go of what runs; without a `network` only what waits or fails is held back: it is a hint, no more. */
export type Holder = 'page' | 'network'

/**
 * Who wants an attempt: a `reader` that came, a `call` of a method, or such a call that a `callback` made, which is never
 * the first in a quiet time, because what it reacts to has just happened.
 */
export type Wisher = 'reader' | 'call' | 'callback'

/** What happens to a connection: data only. `generation` names the attempt that the news is of. */
export type ConnectionAction =
  /** Someone wants the stream: starts it unless it runs or waits. */
  | { readonly type: 'start'; readonly at: number; readonly by: Wisher }
  /** Starts afresh now, whatever was. */
  | { readonly type: 'restart'; readonly at: number; readonly by: Wisher }
  /** Ends it, whatever was. */
  | { readonly type: 'close' }
  /** The time in `retryAt` or `stableAt` has come. */
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'opened'; readonly generation: number; readonly stableAt: number }
  | { readonly type: 'received'; readonly generation: number }
  /** The server set the reconnection time. */
  | { readonly type: 'retry'; readonly generation: number; readonly ms: number }
  /** The transport reconnects by itself. */
  | {
      readonly type: 'waiting'
      readonly generation: number
      readonly retryAt: number | null
      readonly error: SSEError | null
      readonly attempt: number
      /** The server ended the stream properly. */
      readonly planned: boolean
    }
  /** The server said that the cursor is too old: asked for anew, without one. */
  | { readonly type: 'reset'; readonly generation: number; readonly at: number }
  /** It is to be held back from now on. */
  | { readonly type: 'hold'; readonly by: Holder }
  /** Nothing holds it back any more. */
  | { readonly type: 'release'; readonly at: number }
  /** A clean end that is meant: a 204 (`final`), or that of a stream that is not live. */
  | { readonly type: 'ended'; readonly generation: number; readonly final: boolean }
  /** A clean end (`error` is `null`) or a failure, and the wait before the next attempt; `false` for none. */
  | {
      readonly type: 'lost'
      readonly generation: number
      readonly at: number
      readonly error: SSEError | null
      readonly delayMs: number | false
      /** How much of it the server asked for, in ms. */
      readonly floorMs: number
    }
  /** A 401 that fresh credentials may answer: they are asked for once, until it opens. */
  | { readonly type: 'refused'; readonly generation: number; readonly at: number }

/** What is known of the failures in a row once one more attempt was lost: what the policy is asked about. */
export interface Loss {
  /** Failed attempts in a row, this one included. */
  readonly attempt: number
  /** The stream was open long enough for its failures to be forgotten. */
  readonly stable: boolean
  /** A server that is polled: it named `retry:`, sent events and ended the stream. Nothing failed. */
  readonly polled: boolean
  readonly serverRetryMs: number | null
  readonly unopened: number
  readonly unanswered: number
}

/**
 * Two attempts are never less than this apart, unless the first was stable, or the second is of a reader that came, of a
 * method of a stream that is open, or of the first call of one in a quiet time.
 */
const FLOOR_MS = 100

const fresh = { attempt: 0, asked: false, reconnectReason: null, unopened: 0, unanswered: 0 }
/** Nothing is under way, and nothing is waited for. */
const still = { running: false, retryAt: null, stableAt: null }

export const IDLE: ConnectionState = {
  ...fresh,
  ...still,
  status: 'idle',
  generation: 0,
  error: null,
  opened: false,
  useful: false,
  serverRetryMs: null,
  startedAt: null,
  wishedAt: null,
  notBefore: null,
  held: null,
}

/** The state after `action`; the same object when nothing changes. Pure: no timers, no sockets, no clock. */
export function transition(state: ConnectionState, action: ConnectionAction): ConnectionState {
  // An attempt that is over can never touch state.
  if ('generation' in action && !(state.running && action.generation === state.generation)) return state
  switch (action.type) {
    case 'start':
      return state.running || state.retryAt !== null ? state : wished(state, action)
    case 'restart':
      return wished(state, action)
    case 'close':
      return state.status === 'closed' ? state : over(state, null)
    case 'timer':
      if (reached(state.running ? null : state.retryAt, action.at)) return attempting(state, action.at, {})
      return reached(state.stableAt, action.at) ? { ...state, attempt: 0, stableAt: null, startedAt: null } : state
    case 'opened':
      return {
        ...state,
        status: 'open',
        error: null,
        retryAt: null,
        stableAt: action.stableAt,
        reconnectReason: null,
        opened: true,
        useful: false,
        asked: false,
        unopened: 0,
        unanswered: 0,
      }
    case 'received':
      return state.useful ? state : { ...state, useful: true }
    case 'retry':
      return { ...state, serverRetryMs: action.ms }
    case 'waiting': {
      const { retryAt, error, attempt, planned } = action
      const reconnectReason = planned ? 'planned' : 'error'
      return { ...state, status: 'reconnecting', stableAt: null, retryAt, error, attempt, reconnectReason }
    }
    case 'reset':
      return attempting({ ...state, reconnectReason: 'error' }, action.at, {})
    case 'hold':
      return held(state, action.by)
    case 'release':
      return released(state, action.at)
    case 'ended':
      return over(state, null)
    case 'lost':
      return lost(state, action)
    case 'refused':
      return attempting({ ...state, reconnectReason: 'error' }, action.at, { asked: true })
  }
}

/** Counts what the loss of the running attempt amounts to. `error`: `null` for a clean end. */
export function countLoss(state: ConnectionState, at: number, error: SSEError | null): Loss {
  const { serverRetryMs, useful } = state
  // Open long enough for its failures to be forgotten, even when the timer that says so came late.
  const stable = state.startedAt === null || reached(state.stableAt, at)
  const polled = !error && !stable && useful && serverRetryMs !== null
  const before = stable || polled ? 0 : state.attempt
  // A clean end is no failure where something came of it. One that was not stable may be a server that ends at once.
  const attempt = error || !(stable || polled) ? before + 1 : before
  const unopened = state.unopened + (error?.code === 'native-closed' ? 1 : 0)
  const unanswered = state.unanswered + (error?.code === 'timeout' && state.status !== 'open' ? 1 : 0)
  return { attempt, stable, polled, serverRetryMs, unopened, unanswered }
}

function reached(time: number | null, at: number): boolean {
  return time !== null && at >= time
}

/** How long after `at` an attempt may begin at the earliest; never more than the floor, if the clock was set back. */
function floorAfter(since: number | null, at: number): number {
  return since === null ? 0 : Math.min(Math.max(since + FLOOR_MS - at, 0), FLOOR_MS)
}

function wished(state: ConnectionState, { at, by }: { at: number; by: Wisher }): ConnectionState {
  // It begins when the page is back.
  if (state.held === 'page') return { ...state, ...still, ...fresh, status: 'paused' }
  if (by === 'reader') return attempting(state, at, fresh)
  // Who calls a method of a stream that is open reacts to no failure of ours.
  const since = by === 'callback' ? state.startedAt : state.status === 'open' ? null : state.wishedAt
  const wait = floorAfter(since, at)
  if (wait === 0) return { ...attempting(state, at, fresh), wishedAt: at }
  const retryAt = at + wait
  // Asked again and again it waits as it does.
  if (!state.running && state.retryAt !== null && state.retryAt <= retryAt) return state
  return { ...state, ...still, ...fresh, status: begun(state), retryAt, wishedAt: retryAt }
}

function begun({ status, opened }: ConnectionState): Status {
  const again = status === 'open' || status === 'reconnecting' || (status === 'paused' && opened)
  return again ? 'reconnecting' : 'connecting'
}

function held(state: ConnectionState, by: Holder): ConnectionState {
  if (state.held === by) return state
  const waits = state.retryAt !== null && !state.running
  const stops = waits || state.status === 'paused' || (state.running && by === 'page')
  return stops ? { ...state, ...still, held: by, status: 'paused' } : { ...state, held: by }
}

/** What was held back begins at once, as far as two attempts may be close and the server has not asked for more. */
function released(state: ConnectionState, at: number): ConnectionState {
  if (state.held === null) return state
  const free = { ...state, held: null }
  if (state.status !== 'paused') return free
  const wait = Math.max(floorAfter(state.startedAt, at), (state.notBefore ?? 0) - at)
  return wait <= 0 ? attempting(free, at, {}) : { ...free, ...still, status: begun(state), retryAt: at + wait }
}

function attempting(state: ConnectionState, at: number, change: Partial<ConnectionState>): ConnectionState {
  const generation = state.generation + 1
  return { ...state, ...still, useful: false, notBefore: null, ...change, status: begun(state), generation, running: true, startedAt: at }
}

function over(state: ConnectionState, error: SSEError | null): ConnectionState {
  return { ...state, ...still, status: error ? 'failed' : 'closed', error, reconnectReason: null }
}

/** After an end (`error` is `null`) or a failure: waits for the next attempt, if there is to be one. */
function lost(
  state: ConnectionState,
  { at, error, delayMs, floorMs }: { at: number; error: SSEError | null; delayMs: number | false; floorMs: number },
): ConnectionState {
  const { attempt, stable, unopened, unanswered } = countLoss(state, at, error)
  const counted = { ...state, ...still, attempt, unopened, unanswered }
  if (delayMs === false) return over(error ? counted : state, error)
  const notBefore = floorMs > 0 ? at + Math.min(floorMs, delayMs) : null
  const told = { notBefore, error: error ?? state.error, reconnectReason: error ? 'error' : 'planned' } as const
  if (state.held) return { ...counted, ...told, status: 'paused' }
  return {
    ...counted,
    ...told,
    status: 'reconnecting',
    retryAt: at + Math.max(delayMs, stable ? 0 : floorAfter(state.startedAt, at)),
  }
}
