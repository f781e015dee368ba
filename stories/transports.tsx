import { fetchTransport } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { nativeTransport } from 'eventwire/native'
import { SSEProvider, useSSE } from 'eventwire'
import { useNetwork } from './network.ts'
import { EventRows } from './parts/event-rows.tsx'
import { Facts } from './parts/facts.tsx'
import { StatusPill } from './parts/status-pill.tsx'

interface ReaderProps {
  /** Types to listen for, for transports that must be told. */
  types: string[]
}

function Reader({ name, types }: ReaderProps & { name: string }) {
  const stream = useSSE<string>('/api/stream', {
    decode: 'text',
    history: 20,
    types,
    // For EventSource, which sends no headers.
    ...(name === 'native' && { lastEventIdParam: 'lastEventId' }),
  })
  return (
    <section className="card" aria-label={name}>
      <div className="card-head">
        <h2>{name}</h2>
        <StatusPill {...stream} />
      </div>
      <Facts
        values={{
          Delivered: stream.history.length,
          Cursor: stream.lastEventId || '–',
          Error: stream.error?.code ?? '–',
        }}
      />
      <EventRows label={`Events by ${name}, newest first`} events={stream.history} />
    </section>
  )
}

export function SideBySide({ types }: ReaderProps) {
  // In an app these are the browser's own, and need not be passed.
  const { fetch, EventSource } = useNetwork()
  return (
    <div className="columns">
      <SSEProvider transport={fetchTransport({ fetch })}>
        <Reader name="fetch" types={types} />
      </SSEProvider>
      <SSEProvider transport={nativeTransport({ EventSource })}>
        <Reader name="native" types={types} />
      </SSEProvider>
      <SSEProvider transport={fetchEventSourceTransport({ fetch })}>
        <Reader name="fetch-event-source" types={types} />
      </SSEProvider>
    </div>
  )
}
