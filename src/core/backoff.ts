import type { Clock } from '../protocol/clock.js'
import type { SSEError } from '../protocol/errors.js'
import { MAX_DELAY } from '../protocol/clock.js'

/** How to wait between attempts. All times in ms. */
export interface RetryOptions {
  /** The first wait, at most; the server's `retry:` replaces it. Default 1,000. */
  baseMs?: number | undefined
  /** The longest wait, unless the server asked for more. Default 30,000. */
  maxMs?: number | undefined
  /** What each failure multiplies the wait by. Default 2. */
  factor?: number | undefined
  /** How much of the wait is drawn by lot, from 0 to 1; `true` is all of it, `false` none. Default `true`. */
  jitter?: boolean | number | undefined
  /** Retries in a row before giving up; 0 never retries. Default: no limit. */
  attempts?: number | undefined
  /** How long a stream must stay open before its failures are forgotten. Default 5,000. */
  stableMs?: number | undefined
}

/** What a retry function is told. */
export interface RetryContext {
  /** Failed attempts in a row, this one included; a planned end adds none. */
  attempt: number
  reason: 'planned' | 'error'
  error: SSEError | null
  /** What eventwire would wait, jitter and `Retry-After` included, in ms. */
  delayMs: number
}

/** Either settings for the exponential back-off or a function that gives the next wait in ms, or `false` to stop. */
export type RetryPolicy = RetryOptions | RetryFunction

/** Gives the next wait in ms, or `false` to stop. */
export type RetryFunction = (context: RetryContext) => number | false

export const STABLE_MS = 5_000
/** What `retry: 0` grows from once attempts fail in a row. */
const STORM_MS = 100

/**
 * The wait before the next attempt, in ms: exponential with full jitter, so that a thousand clients
 * that lost one server do not come back as one.
 *
 * @param streak - attempts in a row that led to nothing stable
 * @param serverMs - the stream's `retry:`, or `null`
 * @param floorMs - the response's `Retry-After`, or 0
 */
export function backoff(
  options: RetryOptions,
  streak: number,
  serverMs: number | null,
  floorMs: number,
  random: Clock['random'],
): number {
  const { maxMs = 30_000, factor = 2, jitter = true } = options
  const steps = Math.max(streak - 1, 0)
  // `retry: 0` means at once, not in a storm: what fails again waits.
  const base = serverMs === null ? (options.baseMs ?? 1_000) : serverMs || (steps > 0 ? STORM_MS : 0)
  // A server that asks for more than our maximum gets it. 0 does not grow: 0 times Infinity is no number.
  const ceiling = base > 0 ? Math.min(Math.max(maxMs, base), base * factor ** steps) : 0
  return Math.min(Math.max(ceiling * (1 - Number(jitter) * (1 - random())), floorMs), MAX_DELAY)
}

/** `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110 §10.2.3); 0 when absent or unreadable. */
export function retryAfter(headers: Headers | undefined, now: number): number {
  const value = headers?.get('retry-after') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return ms > 0 ? ms : 0
}
