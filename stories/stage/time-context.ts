import type { Time } from './time.ts'
import { createContext, useContext, useSyncExternalStore } from 'react'

const TimeContext = createContext<Time | null>(null)

export const TimeProvider = TimeContext.Provider

function useTime(): Time {
  const time = useContext(TimeContext)
  if (!time) throw new Error('There is no stage around this component.')
  return time
}

/** The virtual now of the story, in epoch ms. */
export function useNow(): number {
  const { subscribe, getSnapshot } = useTime()
  return useSyncExternalStore(subscribe, () => getSnapshot().now)
}

/** Whole seconds until `at` (epoch ms), down to 0; `null` when there is nothing to wait for. */
export function useSecondsUntil(at: number | null): number | null {
  const { subscribe, getSnapshot } = useTime()
  return useSyncExternalStore(subscribe, () =>
    at === null ? null : Math.max(0, Math.ceil((at - getSnapshot().now) / 1000)),
  )
}
