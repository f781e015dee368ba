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

export const IDLE: ConnectionState = {
  status: 'idle',
  generation: 0,
  running: false,
  attempt: 0,
  streak: 0,
  error: null,
  retryAt: null,
  stableAt: null,
  reconnectReason: null,
  opened: false,
  useful: false,
  asked: false,
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
      return state.status === 'closed' ? state : over(state, 'closed', null)
    case 'timer':
      if (state.retryAt !== null && action.at >= state.retryAt) return attempting(state, {})
      if (state.stableAt !== null && action.at >= state.stableAt) return { ...state, ...forgotten, stableAt: null }
      return state
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
    case 'ended': {
      if (!action.again) return over(state, 'closed', null)
      const settled = settle(state, action.at)
      // A clean end is no failure; but one that brought nothing must not become a busy loop.
      const streak = state.useful ? 0 : settled.streak + 1
      const delay = action.delay(settled.attempt, streak)
      if (delay === false) return over(state, 'closed', null)
      return waiting({ ...settled, streak, reconnectReason: 'planned' }, action.at + delay)
    }
    case 'failed': {
      const settled = settle(state, action.at)
      const failed = {
        ...settled,
        attempt: settled.attempt + 1,
        streak: settled.streak + 1,
        error: action.error,
        reconnectReason: 'error' as const,
      }
      const delay = action.delay(failed.attempt, failed.streak)
      return delay === false ? over(failed, 'failed', action.error) : waiting(failed, action.at + delay)
    }
    case 'refused':
      return state.asked
        ? over({ ...state, attempt: state.attempt + 1 }, 'failed', action.error)
        : attempting({ ...state, reconnectReason: 'error' }, { asked: true })
  }
}

const forgotten = { attempt: 0, streak: 0 }
const fresh = { ...forgotten, asked: false, reconnectReason: null }
/** Nothing is under way, and nothing is waited for. */
const still = { running: false, retryAt: null, stableAt: null }

function attempting(state: ConnectionState, change: Partial<ConnectionState>): ConnectionState {
  const again = state.status === 'open' || state.status === 'reconnecting'
  const status = again ? 'reconnecting' : 'connecting'
  return { ...state, ...still, useful: false, ...change, status, generation: state.generation + 1, running: true }
}

function waiting(state: ConnectionState, retryAt: number): ConnectionState {
  return { ...state, ...still, status: 'reconnecting', retryAt }
}

function over(state: ConnectionState, status: 'closed' | 'failed', error: SSEError | null): ConnectionState {
  return { ...state, ...still, status, error, reconnectReason: null }
}

/** Forgets failures if the stream had been open long enough, even when the timer that says so came late. */
function settle(state: ConnectionState, at: number): ConnectionState {
  return state.stableAt !== null && at >= state.stableAt ? { ...state, ...forgotten } : state
}
