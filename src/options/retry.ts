import type { SSEError } from '../protocol/errors.js'

/** How to wait between attempts. All times in ms. */
export interface RetryOptions {
  /** The first wait, in ms, at most; the server's `retry:` replaces it. Default 1,000. */
  baseMs?: number | undefined
  /** The longest wait, in ms, also of those that the server asks for. Default 30,000; of the server's word, an hour. */
  maxMs?: number | undefined
  /** What each failure multiplies the wait by; at least 1. Default 2. */
  factor?: number | undefined
  /** How much of the wait is drawn by lot, from 0 to 1; `true` is all of it, `false` none. Default `true`. */
  jitter?: boolean | number | undefined
  /** Retries in a row before giving up; 0 never retries. Default: no limit. */
  attempts?: number | undefined
  /** How long a stream must stay open before its failures are forgotten, in ms. Default 5,000. */
  stableMs?: number | undefined
}

/** What a retry function is told. */
export interface RetryContext {
  /** Failed attempts in a row, this one included; a planned end of a stable stream adds none. */
  attempt: number
  reason: 'planned' | 'error'
  error: SSEError | null
  /** What eventwire would wait, jitter and `Retry-After` included, in ms; `false` where it would give up. */
  delayMs: number | false
}

/** Gives the next wait in ms, or `false` to stop. Returning `delayMs` of the context keeps the default. */
export type RetryFunction = (context: RetryContext) => number | false

/**
 * Either settings for the exponential back-off or a function that is asked about every error and every end, also those
 * that would not be retried. Of a stream that is not live it is asked only where a status refused the request: a break,
 * where the server may have begun, is never sent twice.
 */
export type RetryPolicy = RetryOptions | RetryFunction
