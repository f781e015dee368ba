import { useSSERequest } from 'eventwire'
import { openAIChat } from 'eventwire/llm'
import { Action } from './parts/action.tsx'
import { Facts } from './parts/facts.tsx'

/** A token may have run out: after a 401 it is asked for once more. */
const headers = async () => ({ Authorization: 'Bearer secret' })

export function ChatAnswer({ prompt }: { prompt: string }) {
  const { value, status, error, progress, lastEventId, start, stop, resume } = useSSERequest({
    url: '/api/chat',
    method: 'POST',
    headers,
    ...openAIChat(),
  })
  const busy = status === 'starting' || status === 'streaming'

  return (
    <section className="card">
      <div className="card-head">
        <h2>{prompt}</h2>
        <div className="actions">
          <Action label={status === 'idle' ? 'Ask' : 'Ask again'} onPress={() => void start({ body: { prompt } })} />
          <Action label="Stop" disabled={!busy} onPress={stop} />
          <Action label="Go on" disabled={busy || !lastEventId || status === 'done'} onPress={() => void resume({ body: { prompt } })} />
        </div>
      </div>
      {/* Busy, so that nothing in it is read out before it is whole. */}
      <article className="answer" aria-label="Answer" aria-busy={busy}>
        {value.text || <span className="muted">Nothing yet</span>}
      </article>
      <Facts
        values={{
          status,
          'stop reason': value.stopReason ?? '–',
          events: progress.events,
          lastEventId: lastEventId || '–',
          error: error?.code ?? 'null',
        }}
      />
      {error && (
        <p className="note" data-tone="bad">
          {error.message}
        </p>
      )}
      {/* A screen reader is told of the answer once, when it is finished. */}
      <p className="unseen" role="status">
        {status === 'done' ? value.text : status === 'failed' ? 'The answer is not whole.' : ''}
      </p>
    </section>
  )
}
