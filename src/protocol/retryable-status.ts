/** The statuses beside 5xx that another attempt may cure: a request that came too slowly, too early or too often. */
const RETRYABLE: readonly number[] = [408, 425, 429]

/** Whether a refusal with this status is asked again. What the wait is, `connection/retry-policy` says. */
export function isRetryableStatus(status: number): boolean {
  return status >= 500 || RETRYABLE.includes(status)
}
