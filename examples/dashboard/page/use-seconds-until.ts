import { useCallback, useSyncExternalStore } from 'react'

/** Whole seconds until `time` (epoch ms), counting down to 0; `null` when there is nothing to wait for. */
export function useSecondsUntil(time: number | null): number | null {
  // The clock is a store outside React: read when asked, so that a new `time` never meets an old now.
  const subscribe = useCallback(
    (changed: () => void) => {
      if (time === null) return () => {}
      const timer = setInterval(changed, 100)
      return () => clearInterval(timer)
    },
    [time],
  )
  return useSyncExternalStore(subscribe, () =>
    time === null ? null : Math.max(0, Math.ceil((time - Date.now()) / 1000)),
  )
}
