import type { AskReason } from '../options/identity.js'
import type { IdleTimeout } from '../options/stream-options.js'
import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { Page, PageChange } from '../protocol/page.js'
import type { AfterAttempt, OpenInfo, Transport, TransportAttempt, TransportRequest, TransportSink } from '../protocol/transport.js'
import type { Policy } from './retry-policy.js'
import type { ConnectionAction, ConnectionState, Wisher } from './transition.js'
import { numberOr } from '../options/number.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { createHold } from './page-hold.js'
import { createIdle } from './idle-timeout.js'
import { retryAfter } from './retry-after.js'
import { attemptsOf, delayAfter, endedEarly, endedTooOften, stableMsOf } from './retry-policy.js'
import { countLoss, IDLE, transition } from './transition.js'

/** The stream above. Nothing here may throw. */
export interface ConnectionOwner {
  readonly clock: Clock
  readonly page: Page
  /** What holds now. */
  policy(): Policy
  patience(): Patience
  transport(): Transport
  /** Whether a function can be asked for other credentials after a 401. */
  canAsk(): boolean
  /**
   * @param reason - why it is asked for
   * @param signal - aborts when the attempt is over
   */
  request(reason: AskReason, signal: AbortSignal): TransportRequest
  /** Someone waits for an end that has not come: a stream that is not live and ends now was cut short. */
  unfinished(): boolean
  /** Whether an error says that the cursor is too old: it is dropped then, with all that came from it. */
  resets(error: SSEError): boolean
  /** May see more in an error than the transport could. */
  explain(error: SSEError): SSEError
  event(raw: RawEvent): void
  cursor(lastEventId: string): void
  bytes(count: number | undefined): void
  comment(): void
  state(now: ConnectionState, before: ConnectionState, action: ConnectionAction, info?: OpenInfo): void
}

/** How long the readers wait for what. */
export interface Patience {
  readonly connectTimeout: number | false | undefined
  readonly idleTimeout: IdleTimeout
  readonly pauseWhenHidden: boolean | number | undefined
  /** It may be let go of and asked for again: live, and a GET. */
  readonly resumable: boolean
}

/** No attempt waits longer for its answer. */
const LONGEST_WAIT_MS = 600_000

/** Keeps one stream connected: attempts, and the policy around `transition`. */
export interface Connection {
  readonly state: ConnectionState
  start(by: Wisher): void
  restart(by: Wisher): void
  /** An event said that the cursor is too old: asks anew. */
  reset(): void
  /** The stream saw that the attempt failed, though the transport did not. */
  fail(error: SSEError): void
  close(): void
  listen(type: string): void
  pause(): void
  resume(): void
  /** Something about the page changed. */
  onPage(change: PageChange): void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createConnection(owner: ConnectionOwner): Connection {
  const { clock } = owner
  let state = IDLE
  let attempt: TransportAttempt | null = null
  /** The one before, until another begins: it is told of what comes next. */
  let ended: TransportAttempt | null = null
  /** Tells those who work for the attempt that it is over. */
  let over = new AbortController()
  let timer: unknown
  const idle = createIdle(clock, () => owner.patience().idleTimeout, owner.policy().guard, expired)
  const hold = createHold({
    clock,
    page: owner.page,
    hiddenMs,
    resumable: () => owner.patience().resumable,
    hold: (by) => dispatch({ type: 'hold', by }),
    release: () => dispatch({ type: 'release', at: clock.now() }),
  })

  function dispatch(action: ConnectionAction, info?: OpenInfo) {
    const before = state
    const now = transition(before, action)
    if (now === before) return
    state = now
    const started = now.generation !== before.generation
    // The old body is cancelled before the next attempt starts.
    if (started || !now.running) release()
    if (!now.running) ended?.after?.(nextOf(now))
    if (now.status === 'closed' || now.status === 'failed') hold.leave()
    schedule()
    owner.state(now, before, action, info)
    // The owner may have closed or restarted it meanwhile.
    if (started && state === now) run(now.generation)
  }

  function release() {
    ended = attempt ?? ended
    const old = attempt
    attempt = null
    over.abort()
    idle.stop()
    old?.close()
  }

  function nextOf({ retryAt, error, attempt: failed, reconnectReason }: ConnectionState): AfterAttempt {
    return { retryAt, error, attempt: failed, planned: reconnectReason === 'planned' }
  }

  function hiddenMs(): number | null {
    const { pauseWhenHidden } = owner.patience()
    return pauseWhenHidden === true ? 0 : typeof pauseWhenHidden === 'number' ? numberOr(0, pauseWhenHidden) : null
  }

  /** How long the attempt that begins may take to be answered. */
  function answerMs(): number | null {
    const { connectTimeout = owner.policy().live ? 60_000 : false } = owner.patience()
    if (connectTimeout === false) return null
    const ms = numberOr(60_000, connectTimeout, 1)
    // A quiet server must not be asked again and again where only its first byte tells that it is there.
    return Math.max(ms, Math.min(ms * 2 ** state.unanswered, LONGEST_WAIT_MS))
  }

  function expired(open: boolean, ms: number) {
    const why = open ? `Nothing came for ${ms / 1_000} s, not even a heartbeat` : `No answer came in ${ms / 1_000} s`
    fail(state.generation, new SSEError('timeout', `${why}: the connection counts as dead`, { retryable: true }))
  }

  function schedule() {
    clock.clearTimeout(timer)
    const at = state.running ? state.stableAt : state.retryAt
    // Timers may fire a little early, or after a clock that was set back: what was due is due.
    if (at !== null) timer = clock.setTimeout(() => dispatch({ type: 'timer', at }), Math.max(at - clock.now(), 0))
  }

  function run(generation: number) {
    over = new AbortController()
    ended = null
    const { signal } = over
    idle.begin(answerMs())
    const sink = sinkFor(generation, signal)
    const reason = state.asked ? 'unauthorized' : state.opened ? 'reconnect' : 'connect'
    try {
      const opened = owner.transport().open(owner.request(reason, signal), sink)
      if (signal.aborted) opened.close()
      else attempt = opened
    } catch (cause) {
      // A transport refuses what it can't do with a TypeError; another attempt would be refused too.
      sink.fail(cause instanceof SSEError ? cause : new SSEError('unsupported', messageOf(cause), { cause }))
    }
  }

  /** Where the attempt reports. News of an attempt that is over is no news. */
  function sinkFor(generation: number, signal: AbortSignal): TransportSink {
    return {
      open(info) {
        if (!signal.aborted) idle.open(info)
        dispatch({ type: 'opened', generation, stableAt: clock.now() + stableMsOf(owner.policy()) }, info)
      },
      event(raw) {
        // Asking the signal would cost as much as all the rest of this.
        if (state.generation !== generation || !state.running) return
        if (!state.useful) dispatch({ type: 'received', generation })
        // What says the same every time may be a heartbeat.
        if (raw.type !== 'message') idle.event(raw.type, raw.data)
        owner.event(raw)
      },
      cursor: (lastEventId) => signal.aborted || owner.cursor(lastEventId),
      activity(count) {
        if (signal.aborted) return
        idle.bytes()
        owner.bytes(count)
      },
      comment() {
        if (signal.aborted) return
        idle.comment()
        owner.comment()
      },
      retry: (ms) => dispatch({ type: 'retry', generation, ms }),
      waiting({ retryAt = null, error = null, attempt: failed, planned } = {}) {
        // What is not live, or may not retry, is asked for once: not even the transport may ask again.
        if (owner.policy().live && attemptsOf(owner.policy()) !== 0) {
          if (!signal.aborted) idle.begin(answerMs())
          dispatch({ type: 'waiting', generation, retryAt, error, attempt: failed ?? state.attempt, planned: planned === true })
        } else fail(generation, new SSEError('interrupted', 'The stream ended or broke: the transport can not tell'))
      },
      end(final) {
        if (!final && owner.policy().live) lose(generation, null)
        else if (!final && owner.unfinished()) fail(generation, endedEarly())
        else dispatch({ type: 'ended', generation, final: final === true })
      },
      fail: (error) => fail(generation, error),
    }
  }

  function fail(generation: number, raw: SSEError) {
    if (generation !== state.generation || !state.running) return
    if (owner.resets(raw)) return dispatch({ type: 'reset', generation, at: clock.now() })
    // Firefox and WebKit break what is open as soon as a link is followed, and tell of the page's end long after.
    if (raw.code === 'network' && hold.explains(() => fail(generation, raw))) return
    // What is asked for once and breaks was cut, by whatever: there is something of it to keep, and to go on from.
    const cut = raw.code === 'network' && state.status === 'open' && !owner.policy().live
    const error = owner.explain(cut ? new SSEError('interrupted', raw.message, { cause: raw }) : raw)
    if (error.code !== 'unauthorized' || state.asked || !owner.canAsk()) lose(generation, error)
    else dispatch({ type: 'refused', generation, at: clock.now() })
  }

  /** Asks the policy, which may be a function of the user's, before anything changes. */
  function lose(generation: number, error: SSEError | null) {
    if (generation !== state.generation || !state.running) return
    const at = clock.now()
    const loss = countLoss(state, at, error)
    const policy = owner.policy()
    const delayMs = delayAfter(policy, loss, error, clock)
    const tooOften = delayMs === false && !error && attemptsOf(policy) > 0 && loss.attempt > attemptsOf(policy)
    const floorMs = retryAfter(error?.headers, at)
    dispatch({ type: 'lost', generation, at, error: tooOften ? endedTooOften(loss.attempt) : error, delayMs, floorMs })
  }

  return {
    get state() {
      return state
    },
    start(by) {
      hold.enter()
      dispatch({ type: 'start', at: clock.now(), by })
    },
    restart(by) {
      hold.enter()
      dispatch({ type: 'restart', at: clock.now(), by })
    },
    fail: (error) => fail(state.generation, error),
    reset: () => dispatch({ type: 'reset', generation: state.generation, at: clock.now() }),
    close: () => dispatch({ type: 'close' }),
    listen: (type) => attempt?.listen(type),
    pause: () => attempt?.pause?.(),
    resume: () => attempt?.resume?.(),
    onPage(change) {
      hold.update(change)
      // A machine that slept has held its timers back.
      idle.check()
    },
  }
}
