import { createSSEClient, fetchTransport } from 'eventwire/core'
import { crossTabTransport } from 'eventwire/cross-tab'
import { nativeTransport } from 'eventwire/native'

/** What a tab has made of a stream of whole numbers: `wrong` counts those that did not follow the one before. */
export interface TabState {
  first: number
  last: number
  wrong: number
  owner: boolean | null
  status: string
  /** Statuses that readers saw. */
  statuses: string[]
  errors: string[]
  /** Milliseconds since the epoch at which a number came, for the newest thousands of them. */
  at: Record<number, number>
  logout(): void
  close(): void
  reconnect(): void
}

declare global {
  interface Window {
    tab?: TabState
  }
}

const query = new URLSearchParams(location.search)
const native = query.has('native')
const inner = native ? nativeTransport() : fetchTransport()
const transport = query.has('alone') ? inner : crossTabTransport(inner, { scope: query.get('scope') ?? undefined })
const client = createSSEClient({ transport })

const state: TabState = {
  first: 0,
  last: 0,
  wrong: 0,
  owner: null,
  status: 'idle',
  statuses: [],
  errors: [],
  at: {},
  logout: () => client.closeAll(),
  close: () => reader.close(),
  reconnect: () => reader.reconnect(),
}

client.observe((fact) => {
  if (fact.type === 'owner') state.owner = fact.owner
  if (fact.type === 'event' && fact.seq % 5_000 === 0) state.at = {}
})
const reader = client.subscribe<number>('/events', {
  replays: true,
  // Cut again and again, it would wait for half a minute.
  retry: { maxMs: 1_000 },
  ...(native && { lastEventIdParam: 'since' }),
  onMessage(data) {
    state.at[data] = performance.timeOrigin + performance.now()
    if (state.last !== 0 && data !== state.last + 1) state.wrong++
    state.first ||= data
    state.last = data
  },
  onError: ({ code }) => state.errors.push(code),
  onChange() {
    const { status } = reader.getSnapshot()
    state.status = status
    if (status !== state.statuses.at(-1)) state.statuses.push(status)
  },
})
window.tab = state
