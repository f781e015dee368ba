import type { Clock } from '../protocol/clock.js'
import type { RetryFunction, RetryOptions, RetryPolicy } from '../options/retry.js'
import type { Loss } from './transition.js'
import { numberOr } from '../options/number.js'
import { MAX_DELAY } from '../protocol/clock.js'
import { SSEError } from '../protocol/errors.js'
import { settled } from '../protocol/promise.js'
import { backoff } from './backoff.js'
import { retryAfter } from './retry-after.js'

/** Native EventSource gave up, for reasons it does not tell: after this many times in a row so do we. */
const NATIVE_ATTEMPTS = 5

/** The user's word on what comes after a loss. */
export interface Policy {
  readonly retry: RetryPolicy | undefined
  readonly live: boolean
  /** Runs a function of the user's: what it throws goes to `onUncaught`. */
  guard<T>(run: () => T): T | undefined
}

/** The settings of `retry`; a function has none but the defaults. */
export function retryOptionsOf({ retry }: Pick<Policy, 'retry'>): RetryOptions {
  return typeof retry === 'function' || !retry ? {} : retry
}

/** How often a lost stream may be asked for again: without limit unless the user set one. */
export function attemptsOf(policy: Pick<Policy, 'retry'>): number {
  return numberOr(Infinity, retryOptionsOf(policy).attempts)
}

/** How long a stream must stay open before its failures are forgotten, in ms. */
export function stableMsOf(policy: Pick<Policy, 'retry'>): number {
  return numberOr(5_000, retryOptionsOf(policy).stableMs)
}

/** The wait before the next attempt in ms; `false` for none. `error`: `null` after a clean end. */
export function delayAfter(policy: Policy, loss: Loss, error: SSEError | null, clock: Clock): number | false {
  const { retry, live } = policy
  const stops =
    (error && (!error.retryable || !live)) ||
    loss.unopened > NATIVE_ATTEMPTS ||
    attemptsOf(policy) === 0 ||
    loss.attempt > attemptsOf(policy)
  const server = { retryMs: loss.serverRetryMs, floorMs: retryAfter(error?.headers, clock.now()), polled: loss.polled }
  const delayMs = !stops && backoff(retryOptionsOf(policy), loss.attempt, server, clock.random)
  // Whether a request that broke was carried out nobody knows: it is not to be sent twice, whoever says so.
  if (typeof retry !== 'function' || (!live && error?.status === undefined)) return delayMs
  const wait = policy.guard(() => answerOf(retry, loss, error, delayMs))
  return wait === undefined ? delayMs : wait && Math.min(wait, MAX_DELAY)
}

function answerOf(retry: RetryFunction, { attempt }: Loss, error: SSEError | null, delayMs: number | false) {
  const wait: unknown = settled('retry', retry({ attempt, error, reason: error ? 'error' : 'planned', delayMs }))
  if (wait === false || (typeof wait === 'number' && wait >= 0)) return wait
  const hint = typeof wait === 'number' ? '' : ': to keep the default return delayMs'
  throw new TypeError(`retry must return milliseconds or false, not ${String(wait)}${hint}`)
}

/** What a clean end is once no attempt is left: as far as the user is concerned the stream broke. */
export function endedTooOften(attempt: number): SSEError {
  const message = `The server ended the stream ${attempt} times in a row before it was stable: see why it ends, or raise retry.attempts`
  return new SSEError('interrupted', message)
}

/** An answer that is cut short never looks finished. */
export function endedEarly(): SSEError {
  return new SSEError('interrupted', 'The answer ended before `until` matched: the server, or a proxy, cut it short')
}
