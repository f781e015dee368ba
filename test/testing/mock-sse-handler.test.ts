import type { MockSSEOptions } from 'eventwire/testing/msw'
import { createSSEClient } from 'eventwire/core'
import { mockSSE } from 'eventwire/testing/msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

const server = setupServer()
const leave: (() => void)[] = []

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  leave.splice(0).forEach((one) => one())
  server.resetHandlers()
})
afterAll(() => server.close())

function mock(url = '/events', options: MockSSEOptions = {}) {
  const sse = mockSSE(url, options)
  server.use(sse)
  return sse
}

function read(options: Parameters<ReturnType<typeof createSSEClient>['subscribe']>[1] = {}, url = 'https://api.test/events') {
  const seen: unknown[] = []
  const client = createSSEClient({ retry: { baseMs: 1, maxMs: 1 } })
  const subscription = client.subscribe(url, { onMessage: (data) => seen.push(data), ...options })
  leave.push(subscription)
  const when = (change: object) => vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject(change))
  return { seen, subscription, when }
}

describe('mockSSE over MSW, in Node without EventSource', () => {
  it('has none', () => {
    expect(typeof EventSource).toBe('undefined')
  })

  it('sends events, comments and bytes', async () => {
    const sse = mock()
    const { seen, when, subscription } = read()
    const stream = await sse.connected()
    await when({ status: 'open' })
    stream.send({ type: 'metrics', id: 'π-7', data: { cpu: 42 } })
    stream.comment('hello')
    for (const byte of new TextEncoder().encode('data: "ü"\n\n')) stream.sendBytes(Uint8Array.of(byte))
    await vi.waitFor(() => expect(seen).toEqual([{ cpu: 42 }, 'ü']))
    expect(subscription.getSnapshot().lastEventId).toBe('π-7')
  })

  it.each(['before any byte', 'after an event', 'within one'])('a break is one, and no end: %s', async (where) => {
    const sse = mock()
    const { when } = read({ retry: { baseMs: 60_000 } })
    const stream = await sse.connected()
    await when({ status: 'open' })
    if (where !== 'before any byte') stream.send({ data: 1 })
    if (where !== 'before any byte') await when({ data: 1 })
    if (where === 'within one') stream.sendBytes('data: half')
    stream.drop()
    await when({ status: 'reconnecting', reconnectReason: 'error', error: { code: 'network' } })
    expect(sse.connections).toHaveLength(1)
  })

  it('a POST that breaks has failed; one that ends is over', async () => {
    const sse = mock()
    const broken = read({ body: { q: 1 } })
    const first = await sse.connected()
    first.send({ data: 1 })
    await broken.when({ data: 1 })
    first.drop()
    await broken.when({ status: 'failed' })
    const whole = read({ body: { q: 1 } })
    const second = await sse.connected()
    second.send({ data: 1 })
    second.end()
    await whole.when({ status: 'closed', data: 1, error: null })
    expect(sse.connections.map(({ state }) => state)).toEqual(['closed', 'closed'])
  })

  it('sees the cursor when a client comes back, however it lost the stream', async () => {
    const sse = mock()
    const { when } = read()
    const first = await sse.connected()
    expect(first.request).toMatchObject({ method: 'GET', url: 'https://api.test/events', body: undefined, lastEventId: '' })
    first.send({ id: 'π-7', data: 1 })
    await when({ data: 1 })
    first.drop()
    const second = await sse.connected()
    expect(second.request.lastEventId).toBe('π-7')
    second.send({ id: '8', data: 2 })
    await when({ data: 2 })
    second.end()
    const third = await sse.attempted()
    expect(third.request.lastEventId).toBe('8')
    third.respond(503, { 'Retry-After': '0' }, 'later')
    const fourth = await sse.attempted()
    fourth.drop()
    sse.expectCursor('8')
    await sse.connected()
    await when({ status: 'open', attempt: 4 })
    expect(sse.connections.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed', 'closed', 'open'])
    leave.splice(0).forEach((one) => one())
    await sse.verify()
  })

  it('drop is a break: an error, and no planned end; a POST that is dropped has failed', async () => {
    const sse = mock()
    const errors: string[] = []
    const { when } = read({ onError: ({ code }) => errors.push(code) })
    ;(await sse.connected()).send({ id: '7', data: 1 })
    await when({ data: 1 })
    sse.connections[0]?.drop()
    await when({ status: 'reconnecting', reconnectReason: 'error' })
    expect(errors).toEqual(['network'])
    const asks = mock('https://api.test/ask')
    const asked = read({ body: { q: 1 } }, 'https://api.test/ask')
    ;(await asks.connected()).send({ data: 1 })
    await asked.when({ data: 1 })
    asks.connections[0]?.drop()
    await asked.when({ status: 'failed', error: { code: 'interrupted' } })
  })

  it('takes a POST with headers and a body', async () => {
    const sse = mock('https://api.test/chat')
    const { when } = read({ body: { q: 'ü' }, headers: { Authorization: 'Bearer 1' } }, 'https://api.test/chat?a=1')
    const { request, end } = await sse.connected()
    expect(request).toMatchObject({ method: 'POST', body: '{"q":"ü"}', headers: { authorization: 'Bearer 1', accept: 'text/event-stream' } })
    end()
    await when({ status: 'closed' })
  })

  it.each(['pending', 'open'] as const)('sees a client leave that is %s', async (state) => {
    const sse = mock()
    const { subscription, when } = read()
    const stream = await sse.attempted()
    if (state === 'open') {
      stream.open()
      await when({ status: 'open' })
    }
    expect(stream.state).toBe(state)
    subscription.unsubscribe()
    await stream.closed
    expect(stream.state).toBe('closed')
    stream.send({ data: 1 })
    stream.end()
  })

  it('refuses as it is told', async () => {
    const sse = mock()
    const { when } = read()
    ;(await sse.attempted()).respond(404, { 'Content-Type': 'text/plain' }, 'no such stream')
    await when({ status: 'failed', error: { code: 'status', status: 404, body: 'no such stream' } })
    const { when: second } = read()
    ;(await sse.attempted()).respond(204)
    await second({ status: 'closed' })
    const { when: third } = read()
    ;(await sse.attempted()).respond(200, { 'Content-Type': 'text/event-stream;charset=utf-8' }, 'data: 5\n\n')
    await third({ status: 'open', data: 5 })
    expect(sse.connections.map(({ state }) => state)).toEqual(['closed', 'closed', 'open'])
  })

  it('goes silent', async () => {
    const sse = mock()
    const { seen, when } = read()
    const stream = await sse.connected()
    stream.send({ data: 1 })
    await when({ data: 1 })
    stream.stall()
    stream.send({ data: 2 })
    stream.end()
    expect(stream.state).toBe('open')
    stream.drop()
    ;(await sse.connected()).send({ data: 3 })
    await when({ data: 3 })
    expect(seen).toEqual([1, 3])
  })

  it('answers by itself if it is told to', async () => {
    const sse = mock('/events', { onConnection: (connection) => connection.send({ data: 8 }) })
    await read().when({ data: 8 })
    expect(sse.connections).toHaveLength(1)
  })

  it('reports what leaked, and a cursor that was not sent', async () => {
    const sse = mock()
    sse.expectCursor('7')
    read()
    await sse.connected()
    await expect(sse.verify()).rejects.toThrow(
      "2 complaints:\n- mockSSE('/events'): a connection leaked: GET https://api.test/events is still open\n" +
        "- mockSSE('/events') expected the cursor '7', which was not sent: GET https://api.test/events came with none",
    )
  })

  it('leaves other URLs to other handlers', async () => {
    const other = mock('/other')
    const sse = mock()
    await sse.test({ request: new Request('https://api.test/events') }).then((matches) => expect(matches).toBe(true))
    read({}, 'https://api.test/other')
    await other.connected()
    expect(sse.connections).toEqual([])
  })
})
