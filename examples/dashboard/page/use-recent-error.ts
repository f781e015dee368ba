import { useState } from 'react'
import type { DashboardStream } from './use-dashboard.ts'

/** For how many more events an error stays on the page that the stream itself survived. */
const EVENTS_TO_FORGET = 15

/** The stream's error, unless it is old news: the stream went on for some events since, or was closed. */
export function useRecentError({ status, error, lastEvent }: DashboardStream): DashboardStream['error'] {
  const seq = lastEvent?.seq ?? 0
  const [seen, setSeen] = useState({ error, seq })
  if (seen.error !== error) setSeen({ error, seq })
  const old = status === 'closed' || (status === 'open' && seq - seen.seq > EVENTS_TO_FORGET)
  return old ? null : error
}
