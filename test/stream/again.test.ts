import type { SubscribeOptions } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { describe, expect, it } from 'vitest'
import { harness } from '../client/harness.js'

const done: SubscribeOptions = { until: ({ raw }) => raw === '[DONE]' }

describe('after until has matched', () => {
  it.each(['open', 'reconnect', 'restart'] as const)('%s asks again, and brings the reader back', async (method) => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/ask', { ...done, body: { q: 1 }, decode: 'text' })
    for (const answer of ['a', 'b']) {
      const stream = await transport.connected()
      expect(stream.request.lastEventId).toBe('')
      stream.sendBytes(`id: 7\ndata: ${answer}\n\ndata: [DONE]\n\n`)
      await clock.advance(20)
      expect(reader.getSnapshot()).toMatchObject({ status: 'closed', data: answer })
      expect(stream.state).toBe('closed')
      if (answer === 'a') reader[method]()
    }
    expect(transport.connections).toHaveLength(2)
  })

  it('every reader of the stream that until ended comes back, and a live stream goes on from its cursor', async () => {
    const { client, clock, transport } = harness()
    const readers = [client.subscribe('/events', done), client.subscribe('/events', done)]
    const stream = await transport.connected()
    stream.sendBytes('id: 7\ndata: 1\n\ndata: [DONE]\n\n')
    await clock.advance(20)
    readers[0]?.open()
    const again = await transport.connected()
    expect(again.request.lastEventId).toBe('7')
    again.send({ data: 2 })
    await clock.advance(20)
    expect(readers.map((reader) => reader.getSnapshot())).toMatchObject([
      { status: 'open', data: 2 },
      { status: 'open', data: 2 },
    ])
  })

  it('joins a stream that others keep open, without another request', async () => {
    const { client, clock, transport } = harness()
    const one = client.subscribe('/events', done)
    client.subscribe('/events')
    const stream = await transport.connected()
    stream.sendBytes('data: [DONE]\n\n')
    one.open()
    stream.send({ data: 3 })
    await clock.advance(20)
    expect(one.getSnapshot()).toMatchObject({ status: 'open', data: 3 })
    expect(transport.connections).toHaveLength(1)
  })

  it("'last' gives the event first", async () => {
    const { client, transport } = harness()
    const heard: unknown[] = []
    const reader = client.subscribe('/events', {
      until: ({ type }) => (type === 'result' ? 'last' : null),
      onMessage: (data) => heard.push(data),
      onClose: ({ reason }) => heard.push(reason),
    })
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\nevent: result\ndata: 2\n\ndata: 3\n\n')
    expect(heard).toEqual([1, 2, 'until'])
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', data: 2 })
  })
})

describe('a stream that is not live starts over without a cursor, and its data', () => {
  it.each([
    ['a clean end', 'closed'],
    ['a break', 'failed'],
  ] as const)('after %s', async (how, status) => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/ask', { body: { q: 1 }, history: 5 })
    const stream = await transport.connected()
    stream.send({ id: '7', data: 1 })
    if (how === 'a break') stream.drop()
    else stream.end()
    expect(reader.getSnapshot()).toMatchObject({ status, data: 1 })
    reader.open()
    const again = await transport.connected()
    expect(again.request.lastEventId).toBe('')
    again.send({ data: 2 })
    await clock.advance(20)
    expect(reader.getSnapshot().history.map(({ data }) => data)).toEqual([2])
  })
})

describe('an answer that is cut short never looks finished', () => {
  it('one that ends before its until matched is interrupted, the value kept', async () => {
    const { client, transport } = harness()
    const reader = client.subscribe('/ask', { ...done, body: { q: 1 } })
    const stream = await transport.connected()
    stream.send({ data: 1 })
    stream.end()
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', data: 1, error: { code: 'interrupted', retryable: false } })
  })

  it.each([
    ['close', 'close'],
    ['an end', 'end'],
    ['a 204', 'no-content'],
  ])('onClose says why: %s', async (how, reason) => {
    const { client, transport } = harness()
    const reasons: unknown[] = []
    const reader = client.subscribe('/ask', { live: false, onClose: (closing) => reasons.push(closing) })
    const attempt = await transport.attempted()
    if (how === 'a 204') attempt.respond(204)
    else attempt.open()
    if (how === 'an end') attempt.end()
    if (how === 'close') reader.close()
    expect(reasons).toEqual([{ reason }])
  })
})

describe('isError', () => {
  const isError: SubscribeOptions['isError'] = ({ type, raw }) => type === 'error' && (raw || true)
  it('an event that refuses is an error for all readers, no event, and moves no cursor', async () => {
    const { client, clock, transport } = harness()
    const heard: unknown[] = []
    const other = client.subscribe('/events', { decode: 'text' })
    const reader = client.subscribe('/events', { decode: 'text', isError, until: () => false, onMessage: (data) => heard.push(data) })
    const stream = await transport.connected()
    stream.sendBytes('id: 1\ndata: a\n\nid: 2\nevent: error\ndata: over quota\n\n')
    await clock.advance(60_000)
    const refused = { status: 'failed', lastEventId: '1', error: { code: 'refused', message: 'over quota', body: 'over quota', retryable: false } }
    expect([reader.getSnapshot(), other.getSnapshot()]).toMatchObject([refused, refused])
    expect(heard).toEqual(['a'])
    expect(transport.connections).toHaveLength(1)
  })
})

it('over native, too, is a question of the engine: its transport can not be asked without one', () => {
  const { client } = harness({ transport: nativeTransport() })
  const reader = client.subscribe('/events')
  expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unsupported' } })
})
