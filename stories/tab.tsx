import { useSSE } from 'eventwire'
import { createSSEClient, fetchTransport } from 'eventwire/core'
import { crossTabTransport } from 'eventwire/cross-tab'

/** One client for each tab; `scope` says whose stream it is, because a `fetch` of one's own can't be compared. */
export function createTabClient(fetchHere: typeof fetch, user: string) {
  return createSSEClient({ transport: crossTabTransport(fetchTransport({ fetch: fetchHere }), { scope: user }) })
}

/** Asks for the stream itself, as if it were the only tab. */
export function Tab({ onStatus }: { onStatus: (tick: number | null, status: string) => void }) {
  const { data, status } = useSSE<number>('/api/ticks', {
    replays: true,
    onMessage: (tick) => onStatus(tick, 'open'),
  })
  return (
    <output>
      <b>{data ?? '–'}</b> {status}
    </output>
  )
}
