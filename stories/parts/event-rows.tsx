import type { SSEEvent } from 'eventwire'

interface EventRowsProps {
  /** What a screen reader calls the list. */
  label: string
  /** Oldest first, as `history` has them. */
  events: readonly SSEEvent[]
}

/** Events as they came, newest first. */
export function EventRows({ label, events }: EventRowsProps) {
  return (
    <ol className="events" aria-label={label} tabIndex={0}>
      {[...events].reverse().map(({ seq, lastEventId, type, raw }) => (
        <li className="event" key={seq}>
          <span className="event-id">{lastEventId || '–'}</span>
          <span>{type}</span>
          <code className="event-data" title={raw}>
            {raw || '(empty)'}
          </code>
        </li>
      ))}
      {events.length === 0 && <li className="events-empty muted">Nothing yet</li>}
    </ol>
  )
}
