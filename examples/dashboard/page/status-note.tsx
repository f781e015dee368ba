import type { Health } from './health.ts'
import type { DashboardStream } from './use-dashboard.ts'

/** What is going on, in a sentence or two. Always takes the same room, so that trouble moves nothing. */
export function StatusNote({ stream, health }: { stream: DashboardStream; health: Health }) {
  const { status, lastEventId, reconnect } = stream
  const { planned, quiet, error, problem } = health
  const silent = quiet !== null && !planned
  const waiting = status === 'reconnecting' && !planned
  const tone = status === 'failed' ? 'bad' : error || waiting || silent ? 'warn' : 'calm'
  return (
    <div className="note" data-testid="note" data-tone={tone}>
      <p>
        <span data-testid="error" data-code={error?.code} title={error?.message}>
          {problem}
        </span>
        {sentence(stream, health)}
      </p>
      <p className="note-id">
        Last id <code>{lastEventId || '–'}</code>
      </p>
      {(waiting || silent) && (
        <button type="button" className="button" data-testid="reconnect" onClick={reconnect}>
          {silent ? 'Reconnect' : 'Retry now'}
        </button>
      )}
    </div>
  )
}

function sentence(
  { status, attempt, retryAt }: DashboardStream,
  { planned, announced, quiet, error }: Health,
): string {
  if (planned)
    return announced
      ? 'The server restarts its stream, as it announced. Nothing is lost.'
      : 'The server ended the stream, as servers may; it is asked for again.'
  if (retryAt !== null) return `Attempt ${attempt + 1} comes next.`
  if (quiet !== null) return `No event for ${quiet} s, where two a second are due.`
  switch (status) {
    case 'idle':
    case 'connecting':
      return 'Opening the stream…'
    case 'open':
      return error
        ? 'The stream goes on.'
        : 'Every number on this page arrives over one event stream. Break it, and watch it heal.'
    case 'reconnecting':
      return 'Trying again…'
    case 'paused':
      return 'Waiting: the browser is offline, or the page asleep.'
    case 'closed':
      return 'You closed the stream. Opening it goes on after the last id.'
    case 'failed':
      return 'Trying again would not help.'
  }
}
