import type { Clock } from '../protocol/clock.js'
import type { RetryOptions } from '../options/retry.js'
import { numberOr } from '../options/number.js'
import { MAX_DELAY } from '../protocol/clock.js'

/** What `retry: 0` grows from once attempts fail in a row. */
const STORM_MS = 100
/** Of a server's word at most so much counts, unless the caller named a `maxMs`. */
const SERVER_MAX_MS = 3_600_000

/** What the server said of the wait. */
export interface ServerWord {
  /** The stream's `retry:` in ms, or `null`. */
  readonly retryMs: number | null
  /** The response's `Retry-After` in ms, or 0. */
  readonly floorMs: number
  /** It is polled: it named the time after which to come again, and nothing failed. */
  readonly polled: boolean
}

/**
 * The wait before the next attempt, in ms: exponential with full jitter, so that a thousand clients that lost one server
 * do not come back as one; unless the server itself names a later time, which is then the time.
 *
 * @param attempt - failed attempts in a row
 */
export function backoff(options: RetryOptions, attempt: number, server: ServerWord, random: Clock['random']): number {
  const maxMs = numberOr(30_000, options.maxMs)
  const most = options.maxMs === undefined ? SERVER_MAX_MS : maxMs
  const retryMs = server.retryMs === null ? null : Math.min(server.retryMs, most)
  if (server.polled && retryMs !== null) return retryMs
  const steps = Math.max(attempt - 1, 0)
  // `retry: 0` means at once, not in a storm: what fails again waits.
  const base = retryMs === null ? numberOr(1_000, options.baseMs) : retryMs || (steps > 0 ? STORM_MS : 0)
  // A server that asks for more than our maximum gets it. 0 does not grow: 0 times Infinity is no number.
  const ceiling = base > 0 ? Math.min(Math.max(maxMs, base), base * numberOr(2, options.factor, 1) ** steps) : 0
  const drawn = ceiling * (1 - share(options.jitter) * (1 - random()))
  return Math.min(Math.max(drawn, Math.min(server.floorMs, most)), MAX_DELAY)
}

/** How much of the wait is drawn by lot. */
function share(jitter: unknown = true): number {
  return Math.min(typeof jitter === 'boolean' ? Number(jitter) : numberOr(1, jitter), 1)
}
