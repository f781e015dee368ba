import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineSSE, json, text } from 'eventwire/core'
import { harness } from '../client/harness.js'

afterEach(() => vi.restoreAllMocks())

describe('decoding', () => {
  it('gives the event as it came and as it was decoded', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { history: 2 })
    await clock.advance(1_000)
    const stream = await transport.connected()
    stream.send({ type: 'metrics', id: '1', data: { cpu: 4 } })
    const event = { type: 'metrics', data: { cpu: 4 }, raw: '{"cpu":4}', lastEventId: '1', receivedAt: 1_000, seq: 1 }
    expect(reader.getSnapshot()).toMatchObject({
      data: { cpu: 4 },
      lastEvent: event,
      latest: { metrics: event },
      history: [event],
    })
  })

  it("does not take a decoder's own syntax error for bad JSON, nor quote it", async () => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events', { decode: (raw) => BigInt(raw) })
    ;(await transport.connected()).send({ data: '1.5' })
    const { error } = reader.getSnapshot()
    expect(error?.message).toMatch(/'message' is invalid: its decoder threw a SyntaxError/)
    expect(error?.message).not.toMatch(/1\.5|JSON/)
  })

  it('reports what is not JSON once, with the way out, and goes on', async () => {
    const { client, clock, transport } = harness()
    const onError = vi.fn()
    const onMessage = vi.fn()
    const reader = client.subscribe('/events', { onError, onMessage })
    const stream = await transport.connected()
    stream.send({ type: 'log', data: 'hello' })
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: null, error: { code: 'invalid-event' } })
    const { error } = reader.getSnapshot()
    expect(error?.message).toMatch(/event 'log' is not JSON: pass decode: 'text'.*The error's body has it$/)
    expect([error?.body, error?.cause]).toEqual(['hello', undefined])
    stream.send({ data: 1 })
    await clock.advance(16)
    expect(reader.getSnapshot().data).toBe(1)
    expect([onError.mock.calls.length, onMessage.mock.calls.length]).toEqual([1, 1])
    stream.drop()
    await clock.advance(500)
    await transport.connected()
    expect(reader.getSnapshot().error).toBeNull()
  })

  it('onInvalid: drop says nothing, beside a reader that reports', async () => {
    const { client, transport } = harness()
    const [dropped, reported] = [vi.fn(), vi.fn()]
    const silent = client.subscribe('/events', { onInvalid: 'drop', onError: dropped })
    const loud = client.subscribe('/events', { onError: reported })
    ;(await transport.connected()).send({ data: 'nonsense' })
    expect([silent, loud].map((reader) => reader.getSnapshot().error?.code)).toEqual([undefined, 'invalid-event'])
    expect([dropped.mock.calls.length, reported.mock.calls.length]).toEqual([0, 1])
  })

  it('lets two readers decode one stream in their own way, over one connection', async () => {
    const { client, transport } = harness()
    const asJSON = client.subscribe('/events')
    const asText = client.subscribe('/events', { decode: 'text' })
    const asOwn = client.subscribe('/events', { decode: (raw, type) => `${type}:${raw}` })
    ;(await transport.connected()).send({ data: [1] })
    expect([asJSON, asText, asOwn].map((reader) => reader.getSnapshot().data)).toEqual([[1], '[1]', 'message:[1]'])
    expect(transport.connections).toHaveLength(1)
  })

  it('decodes by type under a definition; other types move the cursor and go to onUndeclared only', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, clock, transport } = harness()
    const ops = defineSSE({ url: '/events', events: { metrics: json<{ cpu: number }>(), log: text() } })
    const onUndeclared = vi.fn()
    const onMessage = vi.fn()
    const reader = client.subscribe(ops, { onUndeclared, onMessage, history: 9 })
    const stream = await transport.connected()
    stream.send({ type: 'metrics', data: { cpu: 1 } })
    stream.send({ type: 'log', data: 'plain' })
    stream.send({ type: 'metric', id: '3', data: 'x' })
    stream.send({ type: 'toString', data: 'x' })
    await clock.advance(16)
    expect(reader.getSnapshot().history.map(({ type, data }) => [type, data])).toEqual([
      ['metrics', { cpu: 1 }],
      ['log', 'plain'],
    ])
    expect(reader.getSnapshot()).toMatchObject({ lastEventId: '3', error: null })
    expect(onUndeclared.mock.calls).toEqual([
      [{ type: 'metric', data: 'x', lastEventId: '3' }],
      [{ type: 'toString', data: 'x', lastEventId: '3' }],
    ])
    expect(onMessage).toHaveBeenCalledTimes(2)
    expect(warn).not.toHaveBeenCalled()
  })

  it('names the likely typo in development when nobody takes undeclared events', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = harness()
    client.subscribe(defineSSE({ url: '/events', events: { alert: json() } }))
    const stream = await transport.connected()
    stream.send({ type: 'alrt', data: 1 })
    stream.send({ type: 'alrt', data: 1 })
    stream.send({ type: 'unrelated', data: 1 })
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/'alrt'.*Did you mean 'alert'/)]])
  })
})

describe('listeners', () => {
  it('get every event of a burst, in order, whatever snapshots skip', async () => {
    const { client, clock, transport } = harness()
    const seen: unknown[] = []
    let published = 0
    const reader = client.subscribe('/events', {
      onMessage: (data) => seen.push(data),
      onChange: () => published++,
      history: 3,
    })
    const stream = await transport.connected()
    published = 0
    stream.sendBytes(Array.from({ length: 10_000 }, (_, index) => `data: ${index}\n\n`).join(''))
    await clock.advance(1_000)
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
    expect(published).toBe(2)
    expect(reader.getSnapshot().history.map(({ data, seq }) => [data, seq])).toEqual([
      [9_997, 9_998],
      [9_998, 9_999],
      [9_999, 10_000],
    ])
  })

  it('that throw stop nobody, and are heard of', async () => {
    const { client, clock, transport, uncaught } = harness()
    const boom = new Error('boom')
    const seen: unknown[] = []
    client.subscribe('/events', {
      onMessage() {
        throw boom
      },
      onChange() {
        throw boom
      },
    })
    const second = client.subscribe('/events', { onMessage: (data) => seen.push(data) })
    const stream = await transport.connected()
    uncaught.length = 0
    stream.sendBytes('data: 1\n\ndata: 2\n\n')
    await clock.advance(100)
    expect(seen).toEqual([1, 2])
    expect(second.getSnapshot()).toMatchObject({ status: 'open', data: 2 })
    expect(uncaught).toEqual([boom, boom, boom, boom])
  })

  it('hear nothing more once they have left, in the middle of a chunk too', async () => {
    const { client, transport } = harness()
    const seen: unknown[] = []
    const other = client.subscribe('/events', { onMessage: (data) => data === 2 && reader() })
    const reader = client.subscribe('/events', { onMessage: (data) => seen.push(data) })
    ;(await transport.connected()).sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    expect(seen).toEqual([1])
    expect(other.getSnapshot().status).toBe('open')
  })

  it('until ends its reader, without the event; the stream goes on for others', async () => {
    const { client, clock, transport } = harness()
    const onClose = vi.fn()
    const onMessage = vi.fn()
    const done = client.subscribe('/events', { decode: 'text', until: ({ raw }) => raw === '[DONE]', onClose, onMessage })
    const other = client.subscribe('/events', { decode: 'text' })
    const stream = await transport.connected()
    stream.sendBytes('data: a\n\ndata: [DONE]\n\ndata: b\n\n')
    await clock.advance(100)
    expect(done.getSnapshot()).toMatchObject({ status: 'closed', data: 'a', error: null })
    expect(other.getSnapshot()).toMatchObject({ status: 'open', data: 'b' })
    expect([onClose.mock.calls.length, onMessage.mock.calls.length]).toEqual([1, 1])
    other()
    await clock.advance(0)
    expect(stream.state).toBe('closed')
  })

  it('a reader that until has ended does not begin again when it comes back', async () => {
    const { client, clock, transport } = harness()
    const slot = client.bind()
    const asked = slot.ask([], '/events', { until: () => true })
    const key = asked?.key ?? ''
    slot.update(asked)
    const leave = slot.attach(key, null, true, () => {})
    ;(await transport.connected()).send({ data: 1 })
    leave()
    await clock.advance(0)
    const leaveAgain = slot.attach(key, null, true, () => {})
    await clock.advance(0)
    leaveAgain()
    expect(transport.connections).toHaveLength(1)
    expect(slot.snapshot(key).status).toBe('closed')
  })

  it('until releases the connection when nobody else reads it', async () => {
    const { client, clock, transport } = harness()
    const done = client.subscribe('/events', { until: () => true })
    const stream = await transport.connected()
    stream.send({ data: 1 })
    await clock.advance(0)
    expect(stream.state).toBe('closed')
    expect(done.getSnapshot()).toMatchObject({ status: 'closed', data: null })
    expect(client.streams()).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('what is kept', () => {
  it('each reader has its own bound, oldest first', async () => {
    const { client, clock, transport } = harness()
    const readers = [0, 2, 4].map((history) => client.subscribe('/events', { history }))
    const stream = await transport.connected()
    for (let data = 1; data <= 6; data++) stream.send({ data })
    await clock.advance(16)
    expect(readers.map((reader) => reader.getSnapshot().history.map(({ data }) => data))).toEqual([[], [5, 6], [3, 4, 5, 6]])
  })

  it('latest keeps the 256 types last seen when nobody declared any', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const stream = await transport.connected()
    for (let type = 0; type < 256; type++) stream.send({ type: `t${type}`, data: type })
    stream.send({ type: 't0', data: 'again'.length })
    stream.send({ type: '__proto__', data: 7 })
    await clock.advance(16)
    const types = Object.keys(reader.getSnapshot().latest)
    expect(types).toHaveLength(256)
    expect([types.includes('t0'), types.includes('t1'), types.includes('__proto__')]).toEqual([true, false, true])
  })

  it('clear empties data, history and error, never the cursor', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { history: 3 })
    const stream = await transport.connected()
    stream.send({ id: '5', data: 1 })
    stream.drop()
    reader.clear()
    expect(reader.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      data: null,
      lastEvent: null,
      latest: {},
      history: [],
      error: null,
      lastEventId: '5',
    })
    await clock.advance(500)
    expect((await transport.connected()).request.lastEventId).toBe('5')
  })

  it('snapshots never change', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { history: 3 })
    const stream = await transport.connected()
    stream.send({ data: 1 })
    const before = reader.getSnapshot()
    const copy = structuredClone(before)
    stream.send({ data: 2 })
    await clock.advance(100)
    expect(before).toEqual(copy)
    expect(reader.getSnapshot()).not.toBe(before)
    expect([before, before.latest, before.history].every((part) => Object.isFrozen(part))).toBe(true)
    expect(reader.getSnapshot()).toBe(reader.getSnapshot())
  })
})
