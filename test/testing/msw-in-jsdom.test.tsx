import { render, screen } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE } from 'eventwire'
import { mockSSE } from 'eventwire/testing/msw'
import { sse as plainSSE } from 'msw'
import { setupServer } from 'msw/node'
import type { ReactNode } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

const server = setupServer()

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
// React renders by itself here, as the network comes to it.
beforeEach(() => void vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => {
  server.resetHandlers()
  vi.unstubAllGlobals()
})
afterAll(() => server.close())

function Dashboard() {
  const { data, status, lastEventId } = useSSE<{ cpu: number }>('/events', { retry: { baseMs: 1, maxMs: 1 } })
  return <p>{`${status} ${data?.cpu ?? '-'} ${lastEventId}`}</p>
}

function page() {
  const client = createSSEClient()
  const wrapper = ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider>
  return render(<Dashboard />, { wrapper })
}

describe('in jsdom, over the default transport', () => {
  it('mockSSE: events, a break, the cursor, and the client that leaves', async () => {
    const sse = mockSSE('/events')
    server.use(sse)
    const { unmount } = page()
    const first = await sse.connected()
    first.send({ id: '7', data: { cpu: 42 } })
    expect(await screen.findByText('open 42 7')).toBeVisible()
    first.drop()
    const second = await sse.connected()
    expect(second.request).toMatchObject({ url: `${location.origin}/events`, lastEventId: '7' })
    second.send({ id: '8', data: { cpu: 43 } })
    expect(await screen.findByText('open 43 8')).toBeVisible()
    unmount()
    await second.closed
    await sse.verify()
  })

  it("MSW's own sse(), which asks for a global EventSource", async () => {
    expect(() => plainSSE('/events', () => {})).toThrow(/EventSource API is not supported/)
    vi.stubGlobal('EventSource', EventTarget)
    server.use(
      plainSSE<{ metrics: { cpu: number } }>('/events', ({ client, request }) => {
        client.send({ id: '9', event: 'metrics', data: { cpu: 5 } })
        expect(request.headers.get('accept')).toBe('text/event-stream')
      }),
    )
    const { unmount } = page()
    expect(await screen.findByText('open 5 9')).toBeVisible()
    unmount()
  })
})
