import { useSSE, useSSEEvent } from 'eventwire'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { ops } from '../events.ts'

/** Where the server is: what the page is served with. */
declare const EVENTS_URL: string

function Events() {
  const { status, history, retryAt, reconnect } = useSSE(ops, { url: EVENTS_URL, history: 10 })
  const [alerts, setAlerts] = useState(0)
  useSSEEvent(ops, 'alert', () => setAlerts((count) => count + 1), { url: EVENTS_URL })
  return (
    <>
      <h1>{EVENTS_URL}</h1>
      <p role="status">
        {status}
        {retryAt && ` until ${new Date(retryAt).toLocaleTimeString()}`}, {alerts} alerts
      </p>
      <button onClick={() => void post({ type: 'alert', data: { title: 'Disk full' } })}>Publish an alert</button>{' '}
      <button onClick={reconnect}>Reconnect</button>
      <ol reversed>
        {[...history].reverse().map((event) => (
          <li key={event.seq} value={event.seq}>
            {event.type} {event.type === 'tick' ? event.data.count : event.data.title}
          </li>
        ))}
      </ol>
    </>
  )
}

function post(event: object): Promise<Response> {
  return fetch(EVENTS_URL, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(event) })
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><Events /></StrictMode>)
