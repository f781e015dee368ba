import { useSSE } from 'eventwire'
import { Action } from './parts/action.tsx'
import { Facts } from './parts/facts.tsx'
import { StatusPill } from './parts/status-pill.tsx'

/** A token may have run out: after a 401 it is asked for once more. */
const headers = async () => ({ Authorization: 'Bearer secret' })

export function ConnectionLife() {
  const stream = useSSE<{ count: number }>({ url: '/api/ticks', headers })
  const { data, status, isConnected, error, attempt, lastEventId, open, close, reconnect } = stream
  const over = status === 'closed' || status === 'failed'

  return (
    <section className="card">
      <div className="card-head">
        <h2>The app</h2>
        <StatusPill {...stream} />
      </div>
      <Facts
        values={{
          status,
          data: data ? `count ${data.count}` : 'null',
          lastEventId: lastEventId || '–',
          attempt,
          error: error?.code ?? 'null',
        }}
      />
      <p className="note" data-tone={status === 'failed' ? 'bad' : error ? 'warn' : 'calm'}>
        {error?.message ?? (over ? 'The stream is over.' : isConnected ? 'All is well.' : 'No answer yet.')}
      </p>
      <div className="actions" role="group" aria-label="App">
        <Action label="open()" disabled={!over} onPress={open} />
        <Action label="close()" disabled={over} onPress={close} />
        <Action label="reconnect()" onPress={reconnect} />
      </div>
    </section>
  )
}
