import { mockTransport } from 'eventwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

describe('the server says that the cursor is too old', () => {
  it('by a 410: data, history and cursor are dropped, once, and the stream starts over without a cursor', async () => {
    const { client, clock, transport } = harness({ retry: { jitter: false } })
    const told: unknown[] = []
    const reader = client.subscribe('/events', {
      history: 5,
      onReset: (reset) => told.push(reset),
      onError: ({ code }) => told.push(code),
      onMessage: (data) => told.push(data),
    })
    const first = await transport.connected()
    first.send({ id: '7', data: 1 })
    first.drop()
    await clock.advance(1_000)
    ;(await transport.attempted()).respond(410)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', data: null, history: [], lastEventId: '' })
    // The answer to the fresh request fails first: what was dropped stays dropped, and nobody is told again.
    const fresh = await transport.attempted()
    expect(fresh.request.lastEventId).toBe('')
    fresh.respond(503)
    await clock.advance(30_000)
    const last = await transport.connected()
    last.send({ id: '1', data: 2 })
    expect(told).toEqual([1, 'network', { reason: 'status' }, 'status', 2])
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 2, history: [{ data: 2 }], lastEventId: '1' })
  })

  it('without a cursor that was sent a 410 is a refusal', async () => {
    const { client, clock, transport } = harness()
    const onReset = vi.fn()
    const reader = client.subscribe('/events', { onReset })
    ;(await transport.attempted()).respond(410)
    await clock.advance(60_000)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { status: 410 } })
    expect([transport.connections.length, onReset.mock.calls]).toEqual([1, []])
  })

  it('by another status, where one is named, and then not by a 410', async () => {
    const { client, transport } = harness({ reset: { statuses: [409] } })
    for (const [status, state] of [[409, 'connecting'], [410, 'failed']] as const) {
      const reader = client.subscribe(`/${status}`, { lastEventId: '7' })
      ;(await transport.attempted()).respond(status)
      expect(reader.getSnapshot().status).toBe(state)
      reader.unsubscribe()
    }
  })

  it('by an event that a transport listens for, which delivers no other', async () => {
    const transport = mockTransport({ can: ['headers', 'cursor'] })
    const { client, clock } = harness({ transport, reset: { event: ['too-old', 'reset'] } })
    const onReset = vi.fn()
    client.subscribe('/events', { onReset, lastEventId: '7' })
    ;(await transport.connected()).send({ type: 'reset', data: 'first' })
    await clock.advance(1_000)
    expect(onReset.mock.calls).toEqual([[{ reason: 'event' }]])
    expect((await transport.attempted()).request.lastEventId).toBe('')
  })

  it('by an event, one of a list too, where a cursor was sent', async () => {
    const { client, clock, transport } = harness({ retry: { jitter: false }, reset: { event: ['too-old', 'reset'] } })
    const told: unknown[] = []
    client.subscribe('/events', {
      decode: 'text',
      onReset: (reset) => told.push(reset),
      onMessage: (data, { type }) => told.push(`${type} ${data}`),
    })
    const first = await transport.connected()
    first.send({ type: 'reset', data: 'first' })
    first.send({ id: '7', data: 'a' })
    first.drop()
    await clock.advance(1_000)
    const second = await transport.connected()
    expect(second.request.lastEventId).toBe('7')
    second.sendBytes('event: reset\ndata: x\n\ndata: the rest of it\n\n')
    expect(second.state).toBe('closed')
    const third = await transport.connected()
    expect(third.request.lastEventId).toBe('')
    third.send({ type: 'reset', data: 'again' })
    expect(told).toEqual(['reset first', 'message a', { reason: 'event' }, 'reset again'])
  })
})

describe('restart', () => {
  it('forgets cursor and data, and connects', async () => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events', { history: 3 })
    const first = await transport.connected()
    first.send({ id: '7', data: 1 })
    reader.restart()
    expect(first.state).toBe('closed')
    expect((await transport.connected()).request.lastEventId).toBe('')
    expect(reader.getSnapshot()).toMatchObject({ data: null, history: [], lastEventId: '', status: 'open' })
  })

  it('reconnectAll: every stream that someone reads, failed by refusal too, with fresh headers', async () => {
    const { client, clock, transport } = harness()
    let token = 'old'
    const headers = () => ({ Authorization: token })
    const readers = ['/a', '/b'].map((url) => client.subscribe({ url, headers, key: url }))
    const [a, b] = [await transport.connected(), await transport.attempted()]
    a.send({ id: '7', data: 1 })
    b.respond(403)
    token = 'new'
    client.reconnectAll()
    const [again, too] = [await transport.connected(), await transport.connected()]
    expect([again, too].map(({ request }) => [request.headers['authorization'], request.lastEventId])).toEqual([['new', '7'], ['new', '']])
    await clock.advance(1_000)
    client.reconnectAll({ restart: true })
    expect((await transport.connected()).request.lastEventId).toBe('')
    expect(readers.map((reader) => reader.getSnapshot().data)).toEqual([null, null])
  })
})
