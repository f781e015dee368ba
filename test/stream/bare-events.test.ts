import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

describe('an event without data, where nobody named a decoder', () => {
  it('blanks nothing, is no error, and moves the cursor', async () => {
    const { client, clock, transport } = harness()
    const onError = vi.fn()
    const onMessage = vi.fn()
    const reader = client.subscribe('/events', { history: 5, onError, onMessage })
    const stream = await transport.connected()
    stream.send({ id: '1', data: { a: 1 } })
    stream.sendBytes('id: 2\ndata:\n\nevent: ping\ndata\n\n')
    await clock.advance(20)
    expect(reader.getSnapshot()).toMatchObject({ data: { a: 1 }, lastEvent: { lastEventId: '1' }, error: null, lastEventId: '2' })
    expect(reader.getSnapshot().history).toHaveLength(1)
    expect(Object.keys(reader.getSnapshot().latest)).toEqual(['message'])
    expect([onError.mock.calls.length, onMessage.mock.calls.length]).toEqual([0, 1])
  })

  it('is heard with null by who named its type, and until sees it', async () => {
    const { client, transport } = harness()
    const heard: unknown[] = []
    client.subscribe('/events', { types: ['complete'], onMessage: (data, { type }) => heard.push([type, data]) })
    const ends = client.subscribe('/events', { until: ({ type, raw }) => type === 'complete' && raw === '' })
    const stream = await transport.connected()
    stream.sendBytes('event: other\ndata:\n\nevent: complete\ndata:\n\n')
    expect(heard).toEqual([['complete', null]])
    expect(ends.getSnapshot().status).toBe('closed')
  })

  it('is data where somebody named a decoder', async () => {
    const { client, transport } = harness()
    const onError = vi.fn()
    const text = client.subscribe('/events', { decode: 'text' })
    client.subscribe('/events', { decode: 'json', onError })
    ;(await transport.connected()).sendBytes('data:\n\n')
    expect(text.getSnapshot().data).toBe('')
    expect(onError.mock.calls).toMatchObject([[{ code: 'invalid-event' }]])
  })

  it('an invalid event is an error until the next good one', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const stream = await transport.connected()
    stream.sendBytes('data: {\n\n')
    await clock.advance(20)
    expect(reader.getSnapshot().error).toMatchObject({ code: 'invalid-event' })
    stream.send({ data: 1 })
    await clock.advance(20)
    expect(reader.getSnapshot()).toMatchObject({ error: null, data: 1 })
  })
})
