import { useState } from 'react'
import type { DashboardStream } from './use-dashboard.ts'

/** For how many more events an error stays on the page that the stream itself survived. */
const EVENTS_TO_FORGET = 15

/**
 * The stream's error, unless it is old news: the stream went on for some events since, or was closed. An event that could
 * not be decoded is forgotten by the stream with the next good one, a blink later: here it stays long enough to be read.
 */
export function useRecentError({ status, error, lastEvent }: DashboardStream): DashboardStream['error'] {
  const seq = lastEvent?.seq ?? 0
  const [seen, setSeen] = useState({ error, seq })
  const shown = error ?? (seen.error?.code === 'invalid-event' ? seen.error : null)
  if (seen.error !== shown) setSeen({ error: shown, seq })
  const old = status === 'closed' || (status === 'open' && seq - seen.seq > EVENTS_TO_FORGET)
  return old ? null : shown
}
