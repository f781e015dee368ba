import { useSSEEvent } from 'eventwire'
import { memo, useState } from 'react'
import type { Deploy, Viewers } from '../events.ts'
import { clockTime } from './format.ts'
import { dashboard } from './stream.ts'
import type { DashboardEvent } from './use-dashboard.ts'

/** The last events as they came, newest first. It is bounded because the hook's history is. */
export function EventLog({ events }: { events: readonly DashboardEvent[] }) {
  const [withMetrics, setWithMetrics] = useState(true)
  const [happened, setHappened] = useState('')
  useSSEEvent(dashboard, ['viewers', 'deploy'], (data) => setHappened(inWords(data)))

  const shown = withMetrics ? events : events.filter((event) => event.type !== 'metrics')
  return (
    <section className="card log" aria-labelledby="log-title">
      <div className="card-head">
        <h2 id="log-title">Event log</h2>
        <p className="log-happened">{happened}</p>
        <label className="check">
          <input type="checkbox" checked={withMetrics} onChange={(event) => setWithMetrics(event.target.checked)} />
          Metrics
        </label>
      </div>
      <div className="log-scroll" role="region" aria-label="Events, newest first" tabIndex={0}>
        <ol className="log-rows">
          {[...shown].reverse().map((event) => (
            <LogRow key={event.seq} event={event} />
          ))}
        </ol>
      </div>
    </section>
  )
}

function inWords(data: Viewers | Deploy): string {
  if ('count' in data) return data.count === 1 ? '1 viewer' : `${data.count} viewers`
  return data.phase === 'starting' ? 'The server announces a restart' : 'The restart is done'
}

/** A snapshot is long; its beginning says enough. */
const SHOWN = 400

const LogRow = memo(function LogRow({ event }: { event: DashboardEvent }) {
  const raw = event.raw.length > SHOWN ? `${event.raw.slice(0, SHOWN)}…` : event.raw
  return (
    <li className="log-row" data-testid="log-row" data-id={event.lastEventId} data-type={event.type}>
      <span className="log-id">{event.lastEventId}</span>
      <span className="log-type">{event.type}</span>
      <time dateTime={new Date(event.data.at).toISOString()}>{clockTime(event.data.at)}</time>
      <code className="log-data" title={raw}>
        {raw}
      </code>
    </li>
  )
})
