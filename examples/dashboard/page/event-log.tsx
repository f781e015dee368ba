import { useSSEEvent } from 'eventwire'
import { memo, useState } from 'react'
import type { Notice } from '../events.ts'
import { clockTime } from './format.ts'
import { dashboard } from './stream.ts'
import type { DashboardEvent } from './use-dashboard.ts'

/** The last events as they came, newest first. It is bounded because the hook's history is. */
export function EventLog({ events }: { events: readonly DashboardEvent[] }) {
  const [noticesOnly, setNoticesOnly] = useState(false)
  const [notice, setNotice] = useState<Notice | null>(null)
  useSSEEvent(dashboard, 'notice', setNotice)

  const shown = noticesOnly ? events.filter((event) => event.type === 'notice') : events
  return (
    <section className="card log" aria-labelledby="log-title">
      <div className="card-head">
        <h2 id="log-title">Event log</h2>
        {/* Notices are few: these are read out, the rows below are not. */}
        <p className="log-notice" role="status">
          {notice?.text}
        </p>
        <label className="check">
          <input type="checkbox" checked={noticesOnly} onChange={(event) => setNoticesOnly(event.target.checked)} />
          Notices only
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

const LogRow = memo(function LogRow({ event }: { event: DashboardEvent }) {
  return (
    <li className="log-row" data-testid="log-row" data-id={event.lastEventId} data-type={event.type}>
      <span className="log-id">{event.lastEventId}</span>
      <span className="log-type">{event.type}</span>
      <time dateTime={new Date(event.data.at).toISOString()}>{clockTime(event.data.at)}</time>
      <code className="log-data" title={event.raw}>
        {event.raw}
      </code>
    </li>
  )
})
