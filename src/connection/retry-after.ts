const FIRST_SECONDS = /^\s*(\d+)\s*(?:,|$)/
/**
 * RFC 9110, section 5.6.7: the one format that senders may generate. Of the two obsolete ones nothing is made: read
 * leniently, `in 5000` is a date. It has a comma of its own.
 */
const IMF_FIXDATE =
  /^\s*((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT)\s*(?:,|$)/

/**
 * `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110, section 10.2.3), of a list the first; 0 when absent
 * or unreadable. A date counts from the answer's own `Date`, because the client's clock may be hours off.
 */
export function retryAfter(headers: Headers | undefined, now: number): number {
  const value = headers?.get('retry-after') ?? ''
  const [, seconds] = FIRST_SECONDS.exec(value) ?? []
  if (seconds) return Number(seconds) * 1_000
  const ms = dateOf(value) - (dateOf(headers?.get('date') ?? '') || now)
  return ms > 0 ? ms : 0
}

/** An HTTP date in epoch ms; NaN when it is none. */
function dateOf(value: string): number {
  return Date.parse(IMF_FIXDATE.exec(value)?.[1] ?? '')
}
