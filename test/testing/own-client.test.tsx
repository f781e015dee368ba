import { render, screen } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE } from 'eventwire'
import { fetchTransport } from 'eventwire/core'
import { createMockSSE } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const network = vi.fn<typeof fetch>(() => Promise.reject(new Error('the network was used')))

// What React has to say is an error here: about act, for one.
beforeEach(() => void vi.spyOn(console, 'error'))
afterEach(() => {
  expect(console.error).not.toHaveBeenCalled()
  vi.restoreAllMocks()
  network.mockClear()
})

function app() {
  const client = createSSEClient({ transport: fetchTransport({ fetch: network }) })
  const Status = () => {
    const { status, data } = useSSE<number>('/events')
    return <p>{`${status} ${data ?? 'nothing'}`}</p>
  }
  const App = () => (
    <SSEProvider client={client}>
      <Status />
    </SSEProvider>
  )
  return { client, App }
}

describe("the app's own client meets the mock", () => {
  it('when it subscribes beside the tree: one stream with what is below Provider', async () => {
    const { client, App } = app()
    const sse = createMockSSE()
    render(<App />, { wrapper: sse.Provider })
    const seen: unknown[] = []
    const shared = client.subscribe('/events', { onMessage: (data) => seen.push(data) })
    const alone = client.subscribe('/alone', { onMessage: (data) => seen.push(data) })
    ;(await sse.connected('/events')).send({ data: 1 })
    ;(await sse.connected('/alone')).send({ data: 2 })
    expect(screen.getByText('open 1')).toBeVisible()
    expect(seen).toEqual([1, 2])
    expect(sse.connections).toHaveLength(2)
    shared()
    alone()
    await sse.verify()
    expect(network).not.toHaveBeenCalled()
  })

  it('when it closes everything, and is observed', async () => {
    const { client, App } = app()
    const sse = createMockSSE(undefined, { now: 5_000 })
    const facts: unknown[] = []
    client.observe(({ at, type }) => facts.push([at, type]))
    render(<App />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    client.closeAll()
    expect(screen.getByText('closed nothing')).toBeVisible()
    expect(stream.state).toBe('closed')
    expect(facts).toContainEqual([5_000, 'event'])
    await sse.verify()
  })

  it('in what it was wrapped in, which lies around the mock', async () => {
    const { client, App } = app()
    const carried: string[] = []
    client.wrap((transport) => ({ ...transport, open: (...attempt) => (carried.push(transport.name), transport.open(...attempt)) }))
    const sse = createMockSSE()
    render(<App />, { wrapper: sse.Provider })
    await sse.connected()
    expect(carried).toEqual(['fetch'])
  })

  it('in its time, and in what it began before', async () => {
    const { client } = app()
    network.mockReturnValueOnce(new Promise(() => {}))
    const statuses: string[] = []
    const subscription = client.subscribe('/events', { onChange: ({ status }) => statuses.push(status) })
    await vi.waitFor(() => expect(network).toHaveBeenCalledOnce())
    const sse = createMockSSE('/events', { client })
    expect(sse.client).toBe(client)
    const first = await sse.connected()
    first.drop()
    await sse.advance(500)
    ;(await sse.connected()).send({ data: 1 })
    expect(subscription.getSnapshot()).toMatchObject({ status: 'open', data: 1 })
    subscription()
    await sse.verify()
    expect(sse.clock.pending).toBe(0)
    expect(network).toHaveBeenCalledOnce()
  })

  it('until verify: then it is its own again, and closed', async () => {
    const { client, App } = app()
    const sse = createMockSSE()
    render(<App />, { wrapper: sse.Provider })
    await sse.connected()
    await sse.verify()
    expect(client.streams()).toEqual([])
    network.mockReturnValueOnce(new Promise(() => {}))
    const subscription = client.subscribe('/events')
    await vi.waitFor(() => expect(network).toHaveBeenCalledOnce())
    expect(sse.connections).toHaveLength(1)
    subscription()
  })

  it('or until another mock takes it: a test that did not verify harms none', async () => {
    const { client, App } = app()
    const forgotten = createMockSSE(undefined, { autoVerify: false })
    render(<App />, { wrapper: forgotten.Provider }).unmount()
    const sse = createMockSSE()
    render(<App />, { wrapper: sse.Provider })
    ;(await sse.connected()).send({ data: 1 })
    expect(screen.getByText('open 1')).toBeVisible()
    await forgotten.verify()
    const subscription = client.subscribe('/more')
    await sse.connected('/more')
    subscription()
    expect(forgotten.connections).toEqual([])
  })
})

describe('its page', () => {
  it('hides, goes offline and freezes for every client, the app\'s too', async () => {
    const { client, App } = app()
    const sse = createMockSSE()
    render(<App />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    expect(sse.page.listeners).toBeGreaterThan(0)
    sse.page.show(false)
    expect(sse.page.visible).toBe(false)
    // A page that nobody sees gets no frames: what came waits, and is there when it shows.
    stream.send({ data: 1 })
    sse.page.show(true)
    expect(screen.getByText('open 1')).toBeVisible()
    sse.page.goOnline(false)
    sse.page.freeze(true)
    expect(sse.page).toMatchObject({ visible: true, online: false, frozen: true })
    sse.page.freeze(false)
    sse.page.leave()
    sse.page.comeBack()
    await sse.verify()
    expect(client.streams()).toEqual([])
    expect(sse.page.listeners).toBe(0)
  })
})
