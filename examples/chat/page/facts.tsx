import type { RequestSnapshot } from 'eventwire/core'
import type { Usage } from 'eventwire/llm'

interface FactsProps {
  request: Omit<RequestSnapshot<unknown>, 'value' | 'error'>
  usage: Usage | null
}

const number = new Intl.NumberFormat('en')

/** What this page's request has measured, and what the model says that it cost. */
export function Facts({ request: { progress, startedAt, firstEventAt, endedAt }, usage }: FactsProps) {
  const facts = [
    `${number.format(progress.events)} events`,
    `${number.format(Math.ceil(progress.bytes / 1024))} kB`,
    startedAt !== null && firstEventAt !== null && `first after ${number.format(firstEventAt - startedAt)} ms`,
    startedAt !== null && endedAt !== null && `${((endedAt - startedAt) / 1000).toFixed(1)} s`,
    usage?.outputTokens && `${number.format(usage.outputTokens)} tokens`,
  ]
  return (
    <p className="facts muted" data-testid="facts">
      {facts.filter(Boolean).join(' · ')}
    </p>
  )
}
