import { defineSSE, json } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { harness } from './harness.js'

describe('sharing', () => {
  it('opens one connection for one identity, however many read it', async () => {
    const { client, clock, transport } = harness()
    const readers = Array.from({ length: 10 }, () => client.subscribe('/events'))
    const stream = await transport.connected()
    stream.send({ data: 1 })
    await clock.advance(100)
    expect(transport.connections).toHaveLength(1)
    expect(readers.map((reader) => reader.getSnapshot().data)).toEqual(Array(10).fill(1))
    expect(client.streams()).toMatchObject([{ users: 10, status: 'open' }])
  })

  it.each([
    ['method', { method: 'POST' }],
    ['body', { body: 'a' }],
    ['credentials', { credentials: 'include' as const }],
    ['headers', { headers: { a: '1' } }],
    ['key', { key: 'mine' }],
  ])('another %s is another stream', async (_, options) => {
    const { client, clock, transport } = harness()
    client.subscribe('/events')
    client.subscribe('/events', options)
    await clock.advance(0)
    expect(transport.connections).toHaveLength(2)
  })

  it('compares by structure: header case and order, URL objects, plain bodies', async () => {
    const { client, clock, transport } = harness()
    client.subscribe('https://a.test/events', { method: 'post', body: { a: [1], b: { c: 2, d: 1 } }, headers: { A: '1', b: '2' } })
    client.subscribe(new URL('https://a.test/events'), {
      method: 'POST',
      body: { b: { d: 1, c: 2 }, a: [1] },
      headers: new Headers([
        ['B', '2'],
        ['a', '1'],
      ]),
    })
    await clock.advance(0)
    expect(transport.connections).toHaveLength(1)
    expect(transport.connections[0]?.request).toMatchObject({
      method: 'POST',
      body: '{"a":[1],"b":{"c":2,"d":1}}',
      headers: { a: '1', b: '2', 'content-type': 'application/json' },
    })
  })

  it('keeps a stream with a function for headers to itself, unless a key stands in for it', async () => {
    const { client, clock, transport } = harness()
    const headers = () => ({ Authorization: 'me' })
    client.subscribe('/events', { headers })
    client.subscribe('/events', { headers })
    await clock.advance(0)
    expect(transport.connections).toHaveLength(2)
    client.subscribe('/events', { headers, key: 'me' })
    client.subscribe('/events', { headers: () => ({ Authorization: 'me' }), key: 'me' })
    await clock.advance(0)
    expect(transport.connections).toHaveLength(3)
  })

  it('merges headers by name, the client before the source, and leaves out what is undefined', async () => {
    const { client, clock, transport } = harness({ headers: async () => ({ Authorization: 'token', 'X-App': 'app' }) })
    client.subscribe({ url: '/events', headers: { 'x-app': 'mine', 'x-none': undefined } })
    client.subscribe('/events', { headers: { 'x-app': 'mine' } })
    await clock.advance(0)
    expect(transport.connections.map(({ request }) => request.headers)).toEqual([
      { accept: 'text/event-stream', authorization: 'token', 'x-app': 'mine' },
    ])
  })

  it('null takes out a header that lies below, of a function too; those with it are another stream', async () => {
    const { client, clock, transport } = harness({ headers: () => ({ Authorization: 'token', 'X-App': 'app' }) })
    client.subscribe('/events')
    client.subscribe('/events', { headers: { authorization: null } })
    await clock.advance(0)
    expect(transport.connections.map(({ request }) => request.headers)).toEqual([
      { accept: 'text/event-stream', authorization: 'token', 'x-app': 'app' },
      { accept: 'text/event-stream', 'x-app': 'app' },
    ])
  })

  it('null that takes nothing out is nothing, over native too', async () => {
    const { client, clock, transport } = harness()
    client.subscribe('/events')
    client.subscribe('/events', { headers: { authorization: null } })
    await clock.advance(0)
    expect(transport.connections).toHaveLength(1)
    const native = mockTransport({ name: 'native', can: [] })
    const over = harness({ headers: { authorization: 'token' } }).client
    expect(() => over.subscribe('/events', { transport: native })).toThrow(/can't do headers/)
    expect(() => over.subscribe('/events', { transport: native, headers: { authorization: null } })()).not.toThrow()
  })

  it('puts relative URLs under baseUrl, and leaves absolute ones', async () => {
    const { client, clock, transport } = harness({ baseUrl: 'https://api.test/v1/' })
    for (const url of ['/a', 'b?c=1', 'https://other.test/d', '//cdn.test/e']) client.subscribe(url)
    await clock.advance(0)
    expect(transport.connections.map(({ request }) => request.url)).toEqual([
      'https://api.test/v1/a',
      'https://api.test/v1/b?c=1',
      'https://other.test/d',
      '//cdn.test/e',
    ])
  })
})

describe('the end of a stream', () => {
  it('of one that lingers for a reader whose until matches comes at once, and the reader leaves once', async () => {
    const { client, clock, transport } = harness()
    const facts: unknown[] = []
    client.observe((fact) => fact.type === 'reader' && facts.push(fact.change))
    const leave = client.subscribe('/events', { linger: 5_000, until: ({ raw }) => raw === '2' })
    const stream = await transport.connected()
    leave()
    stream.send({ data: 2 })
    await clock.advance(0)
    expect(facts).toEqual(['joined', 'left'])
    expect([stream.state, client.streams(), clock.pending]).toEqual(['closed', [], 0])
  })

  it('is not what a close() means that comes after its reader has left: others read it', async () => {
    const { client, clock, transport } = harness()
    const slot = client.bind()
    const asked = slot.ask([], '/events', {})
    slot.update(asked)
    const other = client.subscribe('/events')
    const read = () => slot.attach(asked?.key ?? '', null, true, () => {})
    const leave = read()
    await transport.connected()
    leave()
    // The clean-up of an effect: `useEffect(() => () => sse.close(), [])`.
    slot.close()
    read()
    await clock.advance(0)
    expect(other.getSnapshot().status).toBe('open')
  })

  it('comes in a microtask after the last reader left, and leaves nothing', async () => {
    const { client, clock, transport } = harness()
    const one = client.subscribe('/events')
    const two = client.subscribe('/events')
    const stream = await transport.connected()
    one.unsubscribe()
    await clock.advance(0)
    expect(stream.state).toBe('open')
    two()
    expect(stream.state).toBe('open')
    await Promise.resolve()
    expect(stream.state).toBe('closed')
    expect(client.streams()).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('does not come when a reader comes back in the same tick', async () => {
    const { client, clock, transport } = harness()
    const one = client.subscribe('/events')
    const stream = await transport.connected()
    stream.send({ data: 1 })
    one()
    const two = client.subscribe('/events')
    await clock.advance(1_000)
    expect(stream.state).toBe('open')
    expect(transport.connections).toHaveLength(1)
    expect(two.getSnapshot().data).toBe(1)
  })

  it('a reader that takes over from the last one tries again what has failed, not what was closed', async () => {
    const { client, transport } = harness()
    const one = client.subscribe('/events')
    ;(await transport.attempted()).respond(404)
    one()
    const two = client.subscribe('/events')
    expect(two.getSnapshot().status).toBe('connecting')
    ;(await transport.attempted()).respond(204)
    two()
    const three = client.subscribe('/events')
    expect(three.getSnapshot().status).toBe('closed')
    expect(transport.connections).toHaveLength(2)
  })

  it('a reader that joins others joins their failure', async () => {
    const { client, transport } = harness()
    client.subscribe('/events')
    ;(await transport.attempted()).respond(404)
    expect(client.subscribe('/events').getSnapshot().status).toBe('failed')
    expect(transport.connections).toHaveLength(1)
  })

  it('sends nothing when the reader left before the request was resolved', async () => {
    const { client, clock, transport } = harness()
    client.subscribe('/events')()
    await clock.advance(0)
    expect(transport.connections).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('waits for the widest linger, data kept', async () => {
    const { client, clock, transport } = harness()
    const one = client.subscribe('/events', { linger: 500 })
    const two = client.subscribe('/events', { linger: 5_000 })
    const three = client.subscribe('/events')
    const stream = await transport.connected()
    stream.send({ data: 1 })
    two()
    one()
    three()
    await clock.advance(4_999)
    expect(stream.state).toBe('open')
    const back = client.subscribe('/events')
    expect(back.getSnapshot().data).toBe(1)
    await clock.advance(10_000)
    expect(stream.state).toBe('open')
    back()
    await clock.advance(4_999)
    expect(stream.state).toBe('open')
    await clock.advance(1)
    expect(stream.state).toBe('closed')
    expect(clock.pending).toBe(0)
  })

  it('closeAll closes everything and forgets data and cursor', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { history: 5 })
    const stream = await transport.connected()
    stream.send({ id: '7', data: 1 })
    client.closeAll()
    expect(stream.state).toBe('closed')
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', data: null, history: [], lastEventId: '' })
    expect(client.streams()).toEqual([])
    const next = client.subscribe('/events')
    const fresh = await transport.connected()
    expect(fresh.request.lastEventId).toBe('')
    expect(next.getSnapshot().status).toBe('open')
    next()
    reader()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })

  it('closeAll: who opens again when it closes begins anew, and others join', async () => {
    const { client, clock, transport } = harness()
    const one = client.subscribe('/events', { onClose: () => one.open() })
    ;(await transport.connected()).send({ id: '7', data: 1 })
    client.closeAll()
    // A wish of a callback goes through the clock.
    await clock.advance(100)
    const stream = await transport.connected()
    expect(stream.request.lastEventId).toBe('')
    expect(client.streams()).toMatchObject([{ status: 'open', users: 1 }])
    client.subscribe('/events')
    await clock.advance(0)
    expect(transport.connections.filter(({ state }) => state !== 'closed')).toEqual([stream])
  })

  it('closeAll ends what lingers', async () => {
    const { client, clock, transport } = harness()
    client.subscribe('/events', { linger: 600_000 })()
    const stream = await transport.connected()
    client.closeAll()
    expect(stream.state).toBe('closed')
    expect(clock.pending).toBe(0)
  })

  it('closeAll within a callback leaves nothing to others, and nothing to one whose until has matched', async () => {
    const { client, clock, transport } = harness()
    client.subscribe('/events', { onMessage: (data) => data === 2 && client.closeAll() })
    const text = client.subscribe('/events', { decode: 'text' })
    const done = client.subscribe('/events', { until: ({ raw }) => raw === '2' })
    ;(await transport.connected()).sendBytes('data: 1\n\ndata: 2\n\n')
    await clock.advance(100)
    expect(text.getSnapshot()).toMatchObject({ status: 'closed', data: null })
    expect(done.getSnapshot().data).toBeNull()
  })

  it('open goes over to a newer stream, and opens it where it has ended', async () => {
    const { client, transport } = harness()
    const old = client.subscribe('/events')
    await transport.connected()
    client.closeAll()
    const newer = client.subscribe('/events')
    await transport.connected()
    newer.close()
    old.open()
    await transport.connected()
    expect([old.getSnapshot().status, newer.getSnapshot().status]).toEqual(['open', 'open'])
  })
})

describe('while a stream lingers', () => {
  it('what comes is decoded for whoever comes back, the first too', async () => {
    const { client, transport } = harness()
    client.subscribe('/events', { linger: 5_000, history: 5 })()
    ;(await transport.connected()).send({ id: '1', data: 1 })
    const back = client.subscribe('/events', { linger: 5_000, history: 5 })
    expect(back.getSnapshot()).toMatchObject({ lastEventId: '1', data: 1, history: [{ data: 1 }] })
  })

  it('until ends its reader, without the event, as ever', async () => {
    const { client, clock, transport } = harness()
    const slot = client.bind()
    const onClose = vi.fn()
    const asked = slot.ask([], '/events', {
      linger: 5_000,
      decode: 'text',
      until: ({ raw }) => raw === 'DONE',
      onClose,
    })
    const key = asked?.key ?? ''
    slot.update(asked)
    const leave = slot.attach(key, null, true, () => {})
    const stream = await transport.connected()
    stream.send({ data: 'hi' })
    leave()
    await clock.advance(100)
    stream.sendBytes('data: DONE\n\n')
    slot.attach(key, null, true, () => {})
    expect(slot.snapshot(key)).toMatchObject({ status: 'closed', data: 'hi' })
    // It had left by then.
    expect(onClose).not.toHaveBeenCalled()
  })

  it('warns of no typo where somebody took what is undeclared', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = harness()
    const ops = defineSSE({ url: '/events', events: { metrics: json() } })
    const leave = client.subscribe(ops, { linger: 5_000, onUndeclared() {} })
    const stream = await transport.connected()
    stream.send({ type: 'metrics', data: 1 })
    leave()
    stream.send({ type: 'metric', data: 1 })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})
