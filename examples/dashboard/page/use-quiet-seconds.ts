import { useCallback, useState, useSyncExternalStore } from 'react'
import type { DashboardStream } from './use-dashboard.ts'

/** The server sends more than two events a second. */
const QUIET_MS = 3000

/**
 * For how many whole seconds no event has come, when that is longer than it should be; else `null`. It takes nothing
 * but a look at the newest event's age to notice a server that accepts and stays silent.
 */
export function useQuietSeconds({ status, lastEvent }: DashboardStream): number | null {
  const [mountedAt] = useState(Date.now)
  const since = lastEvent?.receivedAt ?? mountedAt
  const expected = status === 'open' || status === 'connecting' || status === 'reconnecting'

  const subscribe = useCallback(
    (changed: () => void) => {
      if (!expected) return () => {}
      const timer = setInterval(changed, 250)
      return () => clearInterval(timer)
    },
    [expected],
  )
  return useSyncExternalStore(subscribe, () => {
    const age = Date.now() - since
    return expected && age >= QUIET_MS ? Math.floor(age / 1000) : null
  })
}
