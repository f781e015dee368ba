import type { SSEClient } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'

declare global {
  interface Window {
    /** For the test that drives it. */
    sessionPage: {
      client: SSEClient
      counts: number[]
      errors: string[]
      tickets: string[]
      status(): string
      read(by: 'cookie' | 'ticket'): void
    }
  }
}

const client = createSSEClient({ transport: nativeTransport() })
let status = () => ''

async function withTicket(): Promise<string> {
  const ticket = await (await fetch('/ticket', { method: 'POST' })).text()
  window.sessionPage.tickets.push(ticket)
  return `/events?ticket=${ticket}`
}

window.sessionPage = {
  client,
  counts: [],
  errors: [],
  tickets: [],
  status: () => status(),
  read(by) {
    const { counts, errors } = window.sessionPage
    // With a ticket the browser must not reconnect by itself, with a ticket that was used: with `lastEventIdParam` we do.
    const source = by === 'cookie' ? { url: '/events' } : { url: withTicket, lastEventIdParam: 'after' }
    const reader = client.subscribe<{ count: number }>(
      { ...source, types: ['tick'], retry: { attempts: 2, baseMs: 100 } },
      {
        onMessage: ({ count }) => counts.push(count),
        onError: ({ code }) => errors.push(code),
      },
    )
    status = () => reader.getSnapshot().status
  },
}
