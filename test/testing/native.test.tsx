import type { NativeTransportOptions } from 'eventwire/native'
import { createSSEClient } from 'eventwire'
import { nativeTransport } from 'eventwire/native'
import { createMockSSE } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'

vi.spyOn(console, 'warn').mockReturnValue()

const leave: (() => void)[] = []
afterEach(() => leave.splice(0).forEach((one) => one()))

function read(options: object = {}, native: NativeTransportOptions = {}) {
  const client = createSSEClient({ transport: nativeTransport(native) })
  const sse = createMockSSE('/events', { client })
  const told: unknown[] = []
  const subscription = client.subscribe({
    url: '/events',
    onMessage: (data) => told.push(data),
    onOpen: ({ status, resumed }) => told.push(['open', status, resumed]),
    onError: ({ code }) => told.push(code),
    ...options,
  })
  leave.push(subscription)
  return { sse, told, subscription, look: () => subscription.getSnapshot() }
}

describe('nativeTransport() over the mock is an EventSource', () => {
  it('which asks for an event stream, tells no status, and reads only types that were named', async () => {
    const { sse, told, look } = read({ types: ['log'] })
    const stream = await sse.connected()
    expect(stream.request).toMatchObject({ method: 'GET', url: '/events', headers: { accept: 'text/event-stream' }, lastEventId: '' })
    for (const type of ['log', 'other', 'message']) stream.send({ type, data: JSON.stringify(type) })
    expect(told).toEqual([['open', undefined, undefined], 'log', 'message'])
    expect(look().status).toBe('open')
  })

  it.each(['drop', 'end'] as const)('after %s comes back by itself, with the cursor that it saw', async (how) => {
    const { sse, told, look } = read()
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.sendBytes('data: half')
    stream[how]()
    expect(look()).toMatchObject({ status: 'reconnecting', retryAt: null })
    await sse.advance(2_999)
    expect(sse.connections).toHaveLength(1)
    await sse.advance(1)
    const again = await sse.connected()
    expect(again.request).toMatchObject({ headers: { 'last-event-id': '7' }, lastEventId: '7' })
    again.send({ data: 2 })
    expect(told).toEqual([['open', undefined, undefined], 1, ['open', undefined, true], 2])
    expect(look().lastEventId).toBe('7')
  })

  it('after as long as the server says', async () => {
    const { sse } = read()
    const stream = await sse.connected()
    stream.send({ retry: 100 })
    stream.drop()
    await sse.advance(100)
    expect(sse.connections).toHaveLength(2)
    // What breaks before it is answered is tried again too.
    sse.connections[1]?.drop()
    await sse.advance(100)
    expect(sse.connections).toHaveLength(3)
  })

  it.each([
    [503, { 'Retry-After': '1' }],
    [401, {}],
    [204, {}],
    [200, { 'Content-Type': 'text/html' }],
  ])('gives up at %s %o, and does not tell why', async (status, headers) => {
    const { sse, told, look } = read({ retry: { attempts: 1 } })
    ;(await sse.attempted()).respond(status, headers)
    expect(look()).toMatchObject({ status: 'reconnecting', error: { code: 'native-closed', status: undefined } })
    expect(told).toEqual(['native-closed'])
    await sse.advance(30_000)
    ;(await sse.attempted()).respond(status, headers)
    expect(look()).toMatchObject({ status: 'failed', error: { code: 'native-closed' } })
  })

  it('a new one has no cursor but in the URL', async () => {
    const { sse, subscription } = read()
    ;(await sse.connected()).send({ id: '7', data: 1 })
    subscription.reconnect()
    expect((await sse.connected()).request.lastEventId).toBe('')
    await expect(sse.verify()).rejects.toThrow(/leaked/)
    const named = read({ lastEventIdParam: 'since' })
    const stream = await named.sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.drop()
    await named.sse.advance(30_000)
    const { request } = await named.sse.connected()
    expect(request).toMatchObject({ url: '/events?since=7', lastEventId: '7' })
    expect(request.headers).not.toHaveProperty('last-event-id')
  })

  it('lets go at once, also while it waits', async () => {
    const { sse, subscription } = read()
    const stream = await sse.connected()
    subscription.close()
    expect(stream.state).toBe('closed')
    subscription.open()
    ;(await sse.connected()).drop()
    subscription()
    await sse.verify()
    expect(sse.clock.pending).toBe(0)
  })

  it('refuses what EventSource can not ask for', async () => {
    const { sse, look } = read({ url: () => 'https://user:password@api.test/events' })
    await sse.advance(0)
    expect(look()).toMatchObject({ status: 'failed', error: { code: 'unsupported' } })
    expect(sse.connections).toEqual([])
  })

  it("leaves the platform's as it was, and stands in for one that was given", async () => {
    const Platform = vi.fn()
    vi.stubGlobal('EventSource', Platform)
    const { sse } = read()
    await sse.connected()
    expect(EventSource).toBe(Platform)
    vi.unstubAllGlobals()
    class Given {
      readyState = 0
      addEventListener() {}
      removeEventListener() {}
      close() {}
    }
    const given = read({}, { EventSource: Given })
    ;(await given.sse.connected()).send({ data: 1 })
    expect(given.look().data).toBe(1)
  })
})
