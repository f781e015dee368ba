import { useState } from 'react'
import type { DashboardStream } from './use-dashboard.ts'

/** For how many more events an error stays on the page that the stream itself survived. */
const EVENTS_TO_FORGET = 15

/** What is going on, in a sentence or two. Always takes the same room, so that trouble moves nothing. */
export function StatusNote({ stream }: { stream: DashboardStream }) {
  const { status, lastEventId, reconnect } = stream
  const error = useRecentError(stream)
  const tone = status === 'failed' ? 'bad' : error || status === 'reconnecting' ? 'warn' : 'calm'
  return (
    <div className="note" data-tone={tone}>
      <p>
        {/* Polite: read out when it changes, after whatever is being read. */}
        <span role="status" data-testid="error" data-code={error?.code}>
          {error && `${error.message}. `}
        </span>
        {sentence(stream, error !== null)}
      </p>
      <p className="note-id">
        Last id <code>{lastEventId || '–'}</code>
      </p>
      {status === 'reconnecting' && (
        <button type="button" className="button" data-testid="reconnect" onClick={reconnect}>
          Retry now
        </button>
      )}
    </div>
  )
}

function sentence({ status, attempt, retryAt, reconnectReason }: DashboardStream, wrong: boolean): string {
  switch (status) {
    case 'idle':
    case 'connecting':
      return 'Opening the stream…'
    case 'open':
      return wrong
        ? 'The stream goes on.'
        : 'Every number on this page arrives over one event stream. Break it, and watch it heal.'
    case 'reconnecting':
      if (reconnectReason === 'planned') return 'The server ended the stream, as servers may; it is asked for again.'
      return retryAt === null ? 'Trying again…' : `Attempt ${attempt + 1} comes next.`
    case 'paused':
      return 'Waiting: the browser is offline, or the page asleep.'
    case 'closed':
      return 'You closed the stream. Opening it goes on after the last id.'
    case 'failed':
      return 'Trying again would not help.'
  }
}

/** The stream's error, unless it is old news: the stream went on for some events since, or was closed. */
function useRecentError({ status, error, lastEvent }: DashboardStream): DashboardStream['error'] {
  const seq = lastEvent?.seq ?? 0
  const [seen, setSeen] = useState({ error, seq })
  if (seen.error !== error) setSeen({ error, seq })
  const old = status === 'closed' || (status === 'open' && seq - seen.seq > EVENTS_TO_FORGET)
  return old ? null : error
}
