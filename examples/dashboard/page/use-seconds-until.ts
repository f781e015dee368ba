import { useEffect, useState } from 'react'

/** Whole seconds until `time` (epoch ms), counting down to 0; `null` when there is nothing to wait for. */
export function useSecondsUntil(time: number | null): number | null {
  const [now, setNow] = useState(Date.now)

  useEffect(() => {
    if (time === null) return
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(tick, 100)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [time])

  return time === null ? null : Math.max(0, Math.ceil((time - now) / 1000))
}
