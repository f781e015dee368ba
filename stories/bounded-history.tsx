import { useSSE } from 'eventwire'
import { count } from './count.ts'
import { EventRows } from './parts/event-rows.tsx'

export function BoundedHistory({ bound }: { bound: number }) {
  const { history, lastEvent } = useSSE<{ celsius: number }>('/api/readings', { history: bound })

  return (
    <section className="card">
      <div className="card-head">
        <h2>Readings</h2>
        <span className="muted">
          {count(lastEvent?.seq ?? 0)} arrived, {history.length} kept, {bound} at most
        </span>
      </div>
      <EventRows label="Kept events, newest first" events={history} />
    </section>
  )
}
