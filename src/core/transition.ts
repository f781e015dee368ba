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

/** Everything that decides what a connection does next. */
export interface ConnectionState {
  readonly status: Status
  /** Counts attempts; news of an older one is no news. */
  readonly generation: number
  /** An attempt is under way. */
  readonly running: boolean
  /** Failed attempts in a row. */
  readonly attempt: number
  /** Attempts in a row without a stable or useful stream: what the back-off grows by. */
  readonly streak: number
  readonly error: SSEError | null
  /** When the next attempt starts, in epoch ms. */
  readonly retryAt: number | null
  /** When the open stream counts as stable, in epoch ms. */
  readonly stableAt: number | null
  readonly reconnectReason: ReconnectReason
  /** The stream has been open at least once. */
  readonly opened: boolean
  /** Something was received in this attempt. */
  readonly useful: boolean
  /** Credentials were asked afresh since the last open. */
  readonly asked: boolean
}

/** The wait before the next attempt in ms, or `false` for none. */
type Delay = (attempt: number, streak: number) => number | false

/** What happens to a connection. `generation` names the attempt that the news is of; times are epoch ms. */
export type ConnectionAction =
  /** Someone wants the stream: starts it unless it runs or waits. */
  | { readonly type: 'start' }
  /** Starts afresh now, whatever was. */
  | { readonly type: 'restart' }
  /** Ends it, whatever was. */
  | { readonly type: 'close' }
  /** The time in `retryAt` or `stableAt` has come. */
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'opened'; readonly generation: number; readonly stableAt: number }
  | { readonly type: 'received'; readonly generation: number }
  /** The transport reconnects by itself. */
  | { readonly type: 'waiting'; readonly generation: number }
  /** A clean end. `again: false` for a 204 and for streams that are not live. */
  | {
      readonly type: 'ended'
      readonly generation: number
      readonly at: number
      readonly again: boolean
      readonly delay: Delay
    }
  | {
      readonly type: 'failed'
      readonly generation: number
      readonly at: number
      readonly error: SSEError
      readonly delay: Delay
    }
  /** A 401 that fresh credentials may answer. */
  | { readonly type: 'refused'; readonly generation: number; readonly error: SSEError }

const forgotten = { attempt: 0, streak: 0 }
const fresh = { ...forgotten, asked: false, reconnectReason: null }
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
}

/** The state after `action`; the same object when nothing changes. Pure: no timers, no sockets, no clock. */
export function transition(state: ConnectionState, action: ConnectionAction): ConnectionState {
  // An attempt that is over can never touch state.
  if ('generation' in action && !(state.running && action.generation === state.generation)) return state
  switch (action.type) {
    case 'start':
      return state.running || state.retryAt !== null ? state : attempting(state, fresh)
    case 'restart':
      return attempting(state, fresh)
    case 'close':
      return state.status === 'closed' ? state : over(state, null)
    case 'timer':
      if (reached(state.retryAt, action.at)) return attempting(state, {})
      return reached(state.stableAt, action.at) ? { ...state, ...forgotten, stableAt: null } : state
    case 'opened':
      return {
        ...state,
        status: 'open',
        error: null,
        stableAt: action.stableAt,
        reconnectReason: null,
        opened: true,
        useful: false,
        asked: false,
      }
    case 'received':
      return state.useful ? state : { ...state, useful: true }
    case 'waiting':
      return { ...state, status: 'reconnecting', stableAt: null, reconnectReason: 'error' }
    case 'ended':
      return action.again ? lost(state, action, null) : over(state, null)
    case 'failed':
      return lost(state, action, action.error)
    case 'refused':
      return state.asked
        ? over({ ...state, attempt: state.attempt + 1 }, action.error)
        : attempting({ ...state, reconnectReason: 'error' }, { asked: true })
  }
}

function reached(time: number | null, at: number): boolean {
  return time !== null && at >= time
}

function attempting(state: ConnectionState, change: Partial<ConnectionState>): ConnectionState {
  const again = state.status === 'open' || state.status === 'reconnecting'
  const status = again ? 'reconnecting' : 'connecting'
  return { ...state, ...still, useful: false, ...change, status, generation: state.generation + 1, running: true }
}

function over(state: ConnectionState, error: SSEError | null): ConnectionState {
  return { ...state, ...still, status: error ? 'failed' : 'closed', error, reconnectReason: null }
}

/** After an end (`error` is `null`) or a failure: waits for the next attempt, if there is to be one. */
function lost(state: ConnectionState, { at, delay }: { at: number; delay: Delay }, error: SSEError | null): ConnectionState {
  // Open long enough for its failures to be forgotten, even when the timer that says so came late.
  const before = reached(state.stableAt, at) ? forgotten : state
  // A clean end is no failure; but one that brought nothing must not become a busy loop.
  const attempt = before.attempt + (error ? 1 : 0)
  const streak = !error && state.useful ? 0 : before.streak + 1
  const wait = delay(attempt, streak)
  const counted = { ...state, ...still, attempt, streak }
  return wait === false
    ? over(error ? counted : state, error)
    : {
        ...counted,
        status: 'reconnecting',
        error: error ?? state.error,
        retryAt: at + wait,
        reconnectReason: error ? 'error' : 'planned',
      }
}
