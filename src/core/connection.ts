import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo, Transport, TransportAttempt, TransportRequest } from '../protocol/transport.js'
import type { RetryContext, RetryFunction, RetryOptions, RetryPolicy } from './backoff.js'
import type { ConnectionAction, ConnectionState } from './transition.js'
import { SSEError } from '../protocol/errors.js'
import { backoff, retryAfter, STABLE_MS } from './backoff.js'
import { IDLE, transition } from './transition.js'

/** What a connection asks when it needs to know, so that it always has the newest answer. */
export interface ConnectionPolicy {
  readonly transport: Transport
  readonly live: boolean
  readonly retry: RetryPolicy
  /** Whether a function can be asked for other credentials after a 401. */
  readonly canAsk: boolean
  readonly maxEventSize: number
}

/** The stream above. Nothing here may throw. */
export interface ConnectionOwner {
  readonly id: string
  readonly clock: Clock
  policy(): ConnectionPolicy
  types(): readonly string[]
  resolve(afresh: boolean): ReturnType<TransportRequest['resolve']>
  /** May see more in an error than the transport could. */
  explain(error: SSEError): SSEError
  event(raw: RawEvent): void
  cursor(lastEventId: string): void
  bytes(count: number): void
  state(now: ConnectionState, before: ConnectionState, info?: OpenInfo): void
  /** A user's function threw. */
  report(error: unknown): void
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
  const { clock } = owner
  let state = IDLE
  let attempt: TransportAttempt | null = null
  let timer: unknown = null
  let timerAt: number | null = null
  let serverRetryMs: number | null = null
  /** Times in a row that native EventSource gave up without an open. */
  let unopened = 0

  function dispatch(action: ConnectionAction, info?: OpenInfo) {
    const before = state
    state = transition(before, action)
    if (state === before) return
    const started = state.generation !== before.generation
    // The old body is cancelled before the next attempt starts.
    if (before.running && (started || !state.running)) {
      const old = attempt
      attempt = null
      old?.close()
    }
    wake(state.retryAt ?? state.stableAt)
    owner.state(state, before, info)
    // The owner may have closed or restarted it meanwhile.
    if (started && state.running && state.generation === before.generation + 1 && !attempt) run(state.generation)
  }

  function wake(at: number | null) {
    if (at === timerAt) return
    if (timerAt !== null) clock.clearTimeout(timer)
    timerAt = at
    if (at !== null) timer = clock.setTimeout(onTimer, Math.max(at - clock.now(), 0))
  }

  function onTimer() {
    const at = timerAt
    timerAt = null
    if (at === null) return
    // Timers may fire a little early, or after a clock that was set back: what was due is due.
    dispatch({ type: 'timer', at })
  }

  function run(generation: number) {
    const current = () => state.running && state.generation === generation
    const policy = owner.policy()
    const afresh = state.asked
    const fail = (raw: SSEError) => {
      const error = owner.explain(raw)
      if (error.code === 'unauthorized' && policy.canAsk) dispatch({ type: 'refused', generation, error })
      else dispatch({ type: 'failed', generation, at: clock.now(), error, delay: delayAfter(error) })
    }
    try {
      const opened = policy.transport.open(
        {
          id: owner.id,
          clock,
          // Asked when they are needed: readers of the same commit have come by then.
          get types() {
            return owner.types()
          },
          get maxEventSize() {
            return owner.policy().maxEventSize
          },
          resolve: () => owner.resolve(afresh),
        },
        {
          open(info) {
            unopened = 0
            dispatch({ type: 'opened', generation, stableAt: clock.now() + stableMs() }, info)
          },
          event(raw) {
            if (!current()) return
            dispatch({ type: 'received', generation })
            owner.event(raw)
          },
          cursor: (lastEventId) => void (current() && owner.cursor(lastEventId)),
          activity: (bytes = 0) => void (current() && owner.bytes(bytes)),
          retry(ms) {
            if (current()) serverRetryMs = ms
          },
          waiting() {
            // What is not live, or may not retry, is asked for once: not even the transport may ask again.
            if (policy.live && retriesOf(policy.retry).attempts !== 0) dispatch({ type: 'waiting', generation })
            else fail(new SSEError('interrupted', 'The stream ended or broke, the transport can not tell which'))
          },
          end: (final = false) =>
            dispatch({
              type: 'ended',
              generation,
              at: clock.now(),
              again: !final && owner.policy().live,
              delay: delayAfter(null),
            }),
          fail,
        },
      )
      if (current()) attempt = opened
      else opened.close()
    } catch (cause) {
      // A transport refuses what it can't do with a TypeError; another attempt would be refused too.
      fail(new SSEError('network', cause instanceof Error ? cause.message : String(cause), { cause }))
    }
  }

  function stableMs() {
    return retriesOf(owner.policy().retry).stableMs ?? STABLE_MS
  }

  /** What decides on the wait after an end (`null`) or a failure. */
  function delayAfter(error: SSEError | null) {
    return (attempts: number, streak: number): number | false => {
      const { retry, live } = owner.policy()
      if (error && (!error.retryable || !live)) return false
      if (error?.code === 'native-closed' && ++unopened > NATIVE_ATTEMPTS) return false
      const options = retriesOf(retry)
      const { attempts: limit = Infinity } = options
      if (limit === 0 || attempts > limit) return false
      const floorMs = retryAfter(error?.headers, clock.now())
      const delayMs = backoff(options, streak, serverRetryMs, floorMs, clock.random)
      if (typeof retry !== 'function') return delayMs
      return askFor(retry, { attempt: attempts, error, reason: error ? 'error' : 'planned', delayMs })
    }
  }

  function askFor(retry: RetryFunction, context: RetryContext) {
    try {
      const answer = retry(context)
      if (answer === false || answer >= 0) return answer
      throw new TypeError(`retry must return milliseconds or false, not ${String(answer)}`)
    } catch (error) {
      owner.report(error)
      return context.delayMs
    }
  }

  return {
    get state() {
      return state
    },
    start: () => dispatch({ type: 'start' }),
    restart: () => dispatch({ type: 'restart' }),
    close: () => dispatch({ type: 'close' }),
    listen: (type) => attempt?.listen(type),
    pause: () => attempt?.pause?.(),
    resume: () => attempt?.resume?.(),
  }
}

/** The settings of a policy; a function has none but the defaults. */
function retriesOf(retry: RetryPolicy): RetryOptions {
  return typeof retry === 'function' ? {} : retry
}
