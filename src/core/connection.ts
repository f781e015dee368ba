import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo, TransportAttempt, TransportRequest } from '../protocol/transport.js'
import type { Settings } from './source.js'
import type { ConnectionAction, ConnectionState } from './transition.js'
import { MAX_DELAY } from '../protocol/clock.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { backoff, retryAfter, STABLE_MS } from './backoff.js'
import { guarded } from './listeners.js'
import { IDLE, transition } from './transition.js'

/** The stream above. Nothing here may throw. */
export interface ConnectionOwner {
  readonly clock: Clock
  /** What holds now. */
  settings(): Settings
  /**
   * @param afresh - for credentials that nobody was asked for yet
   * @param signal - aborts when the attempt is over
   */
  request(afresh: boolean, signal: AbortSignal): TransportRequest
  /** May see more in an error than the transport could. */
  explain(error: SSEError): SSEError
  event(raw: RawEvent): void
  cursor(lastEventId: string): void
  bytes(count: number | undefined): void
  state(now: ConnectionState, before: ConnectionState, info?: OpenInfo): void
}

/** Keeps one stream connected: attempts, and the policy around `transition`. */
export interface Connection {
  readonly state: ConnectionState
  start(): void
  restart(): void
  close(): void
  listen(type: string): void
  readonly pause: () => void
  readonly resume: () => void
}

/** Native EventSource gave up, for reasons it does not tell: after this many times in a row so do we. */
const NATIVE_ATTEMPTS = 5

export function createConnection(owner: ConnectionOwner): Connection {
  const { clock, settings } = owner
  let state = IDLE
  let attempt: TransportAttempt | null = null
  /** Tells those who work for the attempt that it is over. */
  let over = new AbortController()
  let timer: unknown
  let serverRetryMs: number | null = null
  /** Times in a row that native EventSource gave up without an open. */
  let unopened = 0

  function dispatch(action: ConnectionAction, info?: OpenInfo) {
    const before = state
    const now = transition(before, action)
    // A retry function may have closed or restarted it meanwhile.
    if (now === before || state !== before) return
    state = now
    const started = now.generation !== before.generation
    // The old body is cancelled before the next attempt starts.
    if (started || !now.running) {
      const old = attempt
      attempt = null
      over.abort()
      old?.close()
    }
    clock.clearTimeout(timer)
    const at = state.retryAt ?? state.stableAt
    // Timers may fire a little early, or after a clock that was set back: what was due is due.
    if (at !== null) timer = clock.setTimeout(() => dispatch({ type: 'timer', at }), Math.max(at - clock.now(), 0))
    owner.state(state, before, info)
    // The owner may have closed or restarted it meanwhile.
    if (started && state === now) run(now.generation)
  }

  function run(generation: number) {
    const current = () => state.running && state.generation === generation
    /** News of an attempt that is over is no news. */
    const heard =
      <T>(take: (news: T) => void) =>
      (news: T) => {
        if (current()) take(news)
      }
    const fail = (raw: SSEError) => {
      const error = owner.explain(raw)
      dispatch(
        error.code === 'unauthorized' && settings().canAsk
          ? { type: 'refused', generation, error }
          : { type: 'failed', generation, at: clock.now(), error, delay: delayAfter(error) },
      )
    }
    over = new AbortController()
    try {
      const opened = settings().transport.open(owner.request(state.asked, over.signal), {
        open(info) {
          unopened = 0
          const { stableMs = STABLE_MS } = settings().retryOptions
          dispatch({ type: 'opened', generation, stableAt: clock.now() + stableMs }, info)
        },
        event: heard((raw) => {
          dispatch({ type: 'received', generation })
          owner.event(raw)
        }),
        cursor: heard(owner.cursor),
        activity: heard(owner.bytes),
        retry: heard((ms) => (serverRetryMs = ms)),
        waiting() {
          // What is not live, or may not retry, is asked for once: not even the transport may ask again.
          if (settings().live && settings().retryOptions.attempts !== 0) dispatch({ type: 'waiting', generation })
          else fail(new SSEError('interrupted', 'The stream ended or broke: the transport can not tell'))
        },
        end: (final) =>
          dispatch({
            type: 'ended',
            generation,
            at: clock.now(),
            again: !final && settings().live,
            delay: delayAfter(null),
          }),
        fail,
      })
      if (current()) attempt = opened
      else opened.close()
    } catch (cause) {
      // A transport refuses what it can't do with a TypeError; another attempt would be refused too.
      fail(new SSEError('network', messageOf(cause), { cause }))
    }
  }

  /** What decides on the wait after an end (`null`) or a failure. */
  function delayAfter(error: SSEError | null) {
    return (failures: number, streak: number): number | false => {
      const { retry, retryOptions, live, onUncaught } = settings()
      const { attempts = Infinity } = retryOptions
      if (
        (error && (!error.retryable || !live)) ||
        (error?.code === 'native-closed' && ++unopened > NATIVE_ATTEMPTS) ||
        attempts === 0 ||
        failures > attempts
      )
        return false
      const floorMs = retryAfter(error?.headers, clock.now())
      const delayMs = backoff(retryOptions, streak, serverRetryMs, floorMs, clock.random)
      if (typeof retry !== 'function') return delayMs
      const asked = guarded({ onUncaught }, () => {
        const ms = retry({ attempt: failures, error, reason: error ? 'error' : 'planned', delayMs })
        if (ms === false || ms >= 0) return ms
        throw new TypeError(`retry must return milliseconds or false, not ${String(ms)}`)
      })
      return asked === false ? false : Math.min(asked ?? delayMs, MAX_DELAY)
    }
  }

  return {
    get state() {
      return state
    },
    start() {
      if (!state.running && state.retryAt === null) unopened = 0
      dispatch({ type: 'start' })
    },
    restart() {
      unopened = 0
      dispatch({ type: 'restart' })
    },
    close: () => dispatch({ type: 'close' }),
    listen: (type) => attempt?.listen(type),
    pause: () => attempt?.pause?.(),
    resume: () => attempt?.resume?.(),
  }
}
