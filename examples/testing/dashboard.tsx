import { defineSSE, json, useSSE, useSSEEvent } from 'eventwire'
import { useState } from 'react'

interface Metrics {
  readonly cpu: number
}

interface Alert {
  readonly title: string
}

const events = defineSSE({ url: '/events', events: { metrics: json<Metrics>(), alert: json<Alert>() } })

export function Dashboard() {
  const { latest, status, attempt, history } = useSSE(events, { history: 5 })
  const metrics = history.flatMap((event) => (event.type === 'metrics' ? event.data.cpu : []))
  return (
    <main>
      <p role="status">{attempt > 0 ? `${status}, attempt ${attempt}` : status}</p>
      <strong>{latest.metrics ? `${latest.metrics.data.cpu}%` : 'no data yet'}</strong>
      <p aria-label="last readings">{metrics.join(', ')}</p>
      <Alerts />
    </main>
  )
}

function Alerts() {
  const [alerts, add] = useState<readonly Alert[]>([])
  useSSEEvent(events, 'alert', (alert) => add((all) => [...all, alert]))
  return (
    <ul>
      {alerts.map((alert, index) => (
        <li key={index}>{alert.title}</li>
      ))}
    </ul>
  )
}
