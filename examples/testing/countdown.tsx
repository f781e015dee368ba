import { useSSE } from 'eventwire'
import { useEffect, useState } from 'react'

/** Counts down to the next attempt, by a timer of its own. */
export function Countdown() {
  const { status, retryAt } = useSSE('/events', { retry: () => 3_000 })
  const [now, look] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => look(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <p>{retryAt === null ? status : `again in ${Math.ceil((retryAt - now) / 1_000)} s`}</p>
}
