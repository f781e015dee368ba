import { useEffect, useState } from 'react'
import type { Health } from './health.ts'
import type { DashboardStream } from './use-dashboard.ts'

/** How long a state must last before it is worth a word, in ms. */
const SETTLED_MS = 700

/**
 * The one place of the page that a screen reader speaks from by itself. It says what lasts: not the numbers, not the
 * countdown, and nothing of a stream that is renewed as planned.
 */
export function Announcer({ stream, health }: { stream: DashboardStream; health: Health }) {
  const text = announcement(stream, health)
  const [said, say] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => say(text), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <p className="unseen" role="status" data-testid="announcement">
      {said}
    </p>
  )
}

function announcement({ status }: DashboardStream, { planned, quiet, problem }: Health): string {
  switch (planned ? 'open' : status) {
    case 'idle':
    case 'connecting':
      return ''
    case 'open':
      if (problem) return `${problem}The stream goes on.`
      return quiet === null || planned ? 'The stream is live.' : 'The stream is silent.'
    case 'reconnecting':
      return `${problem}Reconnecting.`
    case 'paused':
      return 'The stream is paused.'
    case 'closed':
      return 'The stream is closed.'
    case 'failed':
      return `${problem}The stream has failed.`
  }
}
