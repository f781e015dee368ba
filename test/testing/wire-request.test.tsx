import { createSSEClient } from 'eventwire/core'
import { createMockSSE, mockTransport } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'

function ask(options: object = {}) {
  const sse = createMockSSE()
  const subscription = sse.client.subscribe({ url: '/events', ...options })
  return { sse, subscription }
}

describe('what production refuses, the mock refuses', () => {
  // Functions, since what is written plainly is refused where it is written.
  it.each<[what: string, options: object, says: RegExp]>([
    ['line breaks in header values', { headers: () => ({ 'X-App': 'a\nb' }) }, /header 'x-app' has characters/],
    ['GET with a body', { method: 'GET', body: () => 'a' }, /GET takes no body/],
    ['credentials in the URL', { url: () => 'https://user:password@api.test/events' }, /has a user or password in it/],
    ['schemes that bring none', { url: () => 'wss://api.test/events' }, /scheme/],
    ['malformed URLs', { url: () => 'https://' }, /malformed/],
    ['bodies that are none', { method: 'POST', body: () => new Map() }, /must not be a Map/],
  ])('%s', async (_, options, says) => {
    const { sse, subscription } = ask({ key: 'one', ...options })
    await sse.advance(60_000)
    expect(subscription.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unsupported' } })
    expect(subscription.getSnapshot().error?.message).toMatch(says)
    expect(sse.connections).toEqual([])
    subscription()
  })

  it('cursors that no header can carry: the stream starts over, and says so', async () => {
    const sse = createMockSSE()
    const opened: unknown[] = []
    const subscription = sse.client.subscribe('/events', { onOpen: ({ resumed }) => opened.push(resumed) })
    const stream = await sse.connected()
    stream.send({ id: 'a\u0001', data: 1 })
    stream.drop()
    await sse.advance(1_000)
    const again = await sse.connected()
    expect(again.request.headers).not.toHaveProperty('last-event-id')
    expect(again.request.lastEventId).toBe('')
    expect(opened).toEqual([undefined, false])
    subscription()
    await expect(sse.verify()).rejects.toThrow(/which was not sent: GET \/events came back with none/)
  })
})

describe('what would go over the wire can be seen', () => {
  it('the headers that fetchTransport adds, the cursor as bytes', async () => {
    const { sse, subscription } = ask({ lastEventId: 'π-7' })
    const { request } = await sse.connected()
    expect(request.headers).toEqual({ accept: 'text/event-stream', 'last-event-id': 'Ï\u0080-7' })
    expect(request.lastEventId).toBe('π-7')
    subscription()
  })

  it.each<[body: unknown, type: string]>([
    ['a', 'text/plain;charset=UTF-8'],
    [new URLSearchParams({ a: '1' }), 'application/x-www-form-urlencoded;charset=UTF-8'],
    [{ a: 1 }, 'application/json'],
    [new Blob(['a'], { type: 'text/csv' }), 'text/csv'],
  ])('the type of body %o', async (body, type) => {
    const { sse, subscription } = ask({ method: 'post', body, live: true })
    const { request } = await sse.connected()
    expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': type } })
    subscription()
  })

  it('headers as they are written, an Accept of the app', async () => {
    const { sse, subscription } = ask({ headers: { Accept: 'text/event-stream, application/json', 'X-App': ' 1 ' } })
    const { request } = await sse.connected()
    expect(request.headers).toEqual({ accept: 'text/event-stream, application/json', 'x-app': '1' })
    subscription()
  })

  it('no cursor header of a transport that sends none', async () => {
    const transport = mockTransport({ can: [] })
    const client = createSSEClient({ transport })
    const subscription = client.subscribe('/events', { lastEventId: '7' })
    const { request } = await transport.connected()
    expect([request.headers['last-event-id'], request.lastEventId]).toEqual([undefined, ''])
    subscription()
  })

  it('comments, for who observes', async () => {
    const { sse, subscription } = ask()
    const facts: string[] = []
    sse.client.observe(({ type }) => facts.push(type))
    ;(await sse.connected()).sendBytes(': a\n: b\n\n')
    expect(facts.filter((type) => type === 'comment')).toHaveLength(1)
    subscription()
  })
})
