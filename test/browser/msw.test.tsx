import { render, screen } from '@testing-library/react'
import type { Transport } from 'eventwire/core'
import { createSSEClient, SSEProvider, useSSE } from 'eventwire'
import { fetchTransport } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { mockSSE } from 'eventwire/testing/msw'
import { sse as plainSSE } from 'msw'
import { setupWorker } from 'msw/browser'
import type { ReactNode } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'

const worker = setupWorker()

beforeAll(() => worker.start({ quiet: true }))
// React renders by itself here, as on a user's page.
beforeEach(() => void vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => {
  worker.resetHandlers()
  vi.unstubAllGlobals()
})
afterAll(() => worker.stop())

function page(transport: Transport) {
  const client = createSSEClient({ transport, retry: { baseMs: 1, maxMs: 1 } })
  const wrapper = ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider>
  return render(<Dashboard />, { wrapper })
}

function Dashboard() {
  const { data, status, lastEventId } = useSSE<{ cpu: number }>('/mocked-events', { types: ['message'] })
  return <p>{`${status} ${data?.cpu ?? '-'} ${lastEventId}`}</p>
}

describe('mockSSE in a page', () => {
  test('over the default transport: events, a break, the cursor, and the client that leaves', async () => {
    const sse = mockSSE('/mocked-events')
    worker.use(sse)
    const { unmount } = page(fetchTransport())
    const first = await sse.connected()
    first.send({ id: '7', data: { cpu: 42 } })
    expect(await screen.findByText('open 42 7')).toBeVisible()
    first.drop()
    const second = await sse.connected()
    expect(second.request).toMatchObject({ method: 'GET', lastEventId: '7' })
    second.send({ id: '8', data: { cpu: 43 } })
    expect(await screen.findByText('open 43 8')).toBeVisible()
    unmount()
    await second.closed
    await sse.verify()
  })

  test('over native', async () => {
    const sse = mockSSE('/mocked-events')
    worker.use(sse)
    const { unmount } = page(nativeTransport())
    const first = await sse.connected()
    first.send({ id: '7', retry: 1, data: { cpu: 42 } })
    expect(await screen.findByText('open 42 7')).toBeVisible()
    first.end()
    const second = await sse.connected()
    // In Chromium what native asks again for reaches the worker without the header: docs/testing.md says so.
    expect(second.request.lastEventId).toBe(inject('engine') === 'firefox' ? '7' : '')
    second.send({ data: { cpu: 43 } })
    expect(await screen.findByText('open 43 7')).toBeVisible()
    unmount()
    await second.closed
  })

  test('a refusal, and a silence', async () => {
    const sse = mockSSE('/mocked-events')
    worker.use(sse)
    const { unmount } = page(fetchTransport())
    ;(await sse.attempted()).respond(503, { 'Retry-After': '0' })
    const second = await sse.connected()
    second.stall()
    second.send({ data: { cpu: 1 } })
    // Firefox tells of an answer with its first byte only.
    expect(await screen.findByText(inject('engine') === 'firefox' ? 'reconnecting -' : 'open -')).toBeVisible()
    unmount()
    await second.closed
  })
})

test.each<[string, () => Transport]>([
  ['fetch', fetchTransport],
  ['native', nativeTransport],
])("MSW's own sse(), over %s", async (_, create) => {
  worker.use(plainSSE('/mocked-events', ({ client }) => client.send({ id: '9', data: { cpu: 5 } })))
  const { unmount } = page(create())
  expect(await screen.findByText('open 5 9')).toBeVisible()
  unmount()
})
