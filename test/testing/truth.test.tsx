import { act, render, screen } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE } from 'eventwire'
import { nativeTransport } from 'eventwire/native'
import type { SourceOptions } from 'eventwire/core'
import { createMockSSE } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => void vi.useRealTimers())

const Status = ({ source = '/events' }: { source?: SourceOptions | string }) => {
  const { status, data, error } = useSSE(source)
  return <p>{`${status} ${String(data)} ${error?.code ?? ''}`}</p>
}

describe("the app's own client", () => {
  it('closes all of it, hears of it and subscribes beside the tree: the mock is what it meets', async () => {
    const client = createSSEClient()
    const facts: string[] = []
    client.observe(({ type }) => facts.push(type))
    const sse = createMockSSE()
    render(
      <SSEProvider client={client}>
        <Status />
      </SSEProvider>,
      { wrapper: sse.Provider },
    )
    ;(await sse.connected('/events')).send({ data: 1 })
    expect(screen.getByText('open 1')).toBeVisible()
    const beside = client.subscribe('/beside')
    ;(await sse.connected('/beside')).send({ data: 2 })
    expect(beside.getSnapshot().data).toBe(2)
    act(() => client.closeAll())
    expect(screen.getByText('closed null')).toBeVisible()
    expect(facts).toContain('open')
    beside.unsubscribe()
    await sse.verify()
  })

  it('has its own network and time back after the test', async () => {
    const client = createSSEClient()
    const sse = createMockSSE()
    const { bind } = client
    render(
      <SSEProvider client={client}>
        <Status />
      </SSEProvider>,
      { wrapper: sse.Provider },
    )
    await sse.connected()
    expect(client.bind).not.toBe(bind)
    await sse.verify()
    expect([client.bind === bind, client.adopt, client.streams()]).toEqual([true, undefined, []])
  })
})

describe('what production refuses, the mock refuses', () => {
  it.each<[string, SourceOptions]>([
    ['a line break in a header', { url: '/events', headers: () => ({ 'X-A': 'a\nb' }) }],
    ['a URL with credentials', { url: 'https://user:secret@api.test/events' }],
    ['GET with a body', { url: () => '/events', method: 'GET', body: () => 'a' }],
  ])('%s', async (_, source) => {
    const sse = createMockSSE()
    render(<Status source={source} />, { wrapper: sse.Provider })
    await sse.advance(100)
    expect(screen.getByText(/^failed null unsupported/)).toBeVisible()
    expect(sse.connections).toEqual([])
  })

  it('what goes over the wire can be seen', async () => {
    const sse = createMockSSE()
    render(<Status source={{ url: '/events', body: { q: 1 }, headers: { 'X-A': '1' }, lastEventId: 'π' }} />, { wrapper: sse.Provider })
    const { request } = await sse.connected()
    expect(request).toMatchObject({
      body: '{"q":1}',
      lastEventId: 'π',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', 'x-a': '1', 'last-event-id': 'Ï\u0080' },
    })
  })

  it('a cursor that no header carries is left out', async () => {
    const sse = createMockSSE()
    render(<Status source={{ url: '/events', lastEventId: 'a\u0001' }} />, { wrapper: sse.Provider })
    expect((await sse.connected()).request.headers['last-event-id']).toBeUndefined()
  })
})

describe('nativeTransport() is as able as an EventSource', () => {
  const transport = nativeTransport()
  it('reconnects by itself, with the cursor that it saw', async () => {
    const sse = createMockSSE()
    render(<Status source={{ url: '/events', transport, types: ['message'] }} />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.drop()
    expect(screen.getByText('reconnecting 1')).toBeVisible()
    // As an EventSource does: after three seconds, with a request of its own.
    await sse.advance(3_000)
    expect((await sse.connected()).request.headers['last-event-id']).toBe('7')
    expect(screen.getByText('open 1')).toBeVisible()
    expect(sse.connections).toHaveLength(2)
  })

  it('with lastEventIdParam every break is ours, on a fresh one', async () => {
    const sse = createMockSSE()
    const source = { url: '/events', transport, types: ['message'], lastEventIdParam: 'since' }
    render(<Status source={source} />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.drop()
    await sse.advance(2_000)
    expect((await sse.connected()).request.url).toBe('/events?since=7')
  })

  it.each([401, 404, 503, 204])('a %i tells no status', async (status) => {
    const sse = createMockSSE()
    render(<Status source={{ url: '/events', transport, types: ['message'] }} />, { wrapper: sse.Provider })
    ;(await sse.attempted()).respond(status)
    expect(screen.getByText(/^reconnecting null native-closed/)).toBeVisible()
  })

  it('opens without a status or headers', async () => {
    const sse = createMockSSE()
    const opened: object[] = []
    const source = { url: '/events', transport, types: ['message'], onOpen: (info: object) => opened.push(info) }
    render(<Status source={source} />, { wrapper: sse.Provider })
    await sse.connected()
    expect(opened).toEqual([{}])
  })
})

describe('time', () => {
  it('begins now, so that dates are dates', async () => {
    const before = Date.now()
    const sse = createMockSSE()
    expect(sse.clock.now()).toBeGreaterThanOrEqual(before)
    render(<Status />, { wrapper: sse.Provider })
    const date = new Date(sse.clock.now() + 5_000).toUTCString()
    ;(await sse.attempted()).respond(503, { 'Retry-After': date })
    await sse.advance(6_000)
    expect(sse.connections).toHaveLength(2)
  })

  it("connected() works while the runner's timers are fake", async () => {
    vi.useFakeTimers()
    const sse = createMockSSE()
    render(<Status />, { wrapper: sse.Provider })
    ;(await sse.connected()).send({ data: 1 })
    expect(screen.getByText('open 1')).toBeVisible()
    await sse.verify()
  })

  it('verify leaves no promise waiting', async () => {
    const sse = createMockSSE()
    const waiting = sse.connected('/never')
    await sse.verify()
    await expect(waiting).rejects.toThrow(/the test was over before a connection came/)
  })
})

describe('the page', () => {
  it('freezes, hides and loses its network by method', async () => {
    const sse = createMockSSE()
    render(<Status />, { wrapper: sse.Provider })
    ;(await sse.connected()).send({ id: '7', data: 1 })
    act(() => sse.page.freeze(true))
    expect(screen.getByText('paused 1')).toBeVisible()
    await sse.advance(100)
    act(() => sse.page.freeze(false))
    expect((await sse.connected()).request.lastEventId).toBe('7')
    await sse.verify()
    expect(sse.page.listeners).toBe(0)
  })
})
