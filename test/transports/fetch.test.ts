import { createSSEClient, fetchTransport } from 'eventwire/core'
import type { ClientOptions, SSEClient, SSESnapshot, SubscribeOptions } from 'eventwire/core'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RealServer } from './server.js'
import { EVENT_STREAM, startServer } from './server.js'

let server: RealServer
const leave: (() => void)[] = []

beforeEach(async () => {
  server = await startServer()
})

afterEach(async () => {
  leave.splice(0).forEach((unsubscribe) => unsubscribe())
  // No connection is left on the server's side once nobody reads.
  await vi.waitFor(() => expect(server.streams).toBe(0))
  await server.close()
})

const soon = { retry: { baseMs: 1, maxMs: 1 } }

function read(options: SubscribeOptions = {}, clientOptions: ClientOptions = {}, path = '/events') {
  const client: SSEClient = createSSEClient({ ...soon, ...clientOptions })
  const subscription = client.subscribe(server.url + path, options)
  leave.push(subscription)
  return { client, subscription, when: (change: Partial<SSESnapshot>) => vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject(change)) }
}

const stream = (response: ServerResponse, text = ': hello\n\n') => response.writeHead(200, EVENT_STREAM).write(text)

describe('fetch over a real server', () => {
  it('asks as EventSource does, beside what the user adds', async () => {
    server.answer = (_, response) => stream(response)
    const { when } = read({ headers: { Authorization: 'Bearer 1', accept: '*/*' } })
    await when({ status: 'open' })
    expect(server.requests[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer 1',
      'cache-control': 'no-cache',
    })
    expect(server.requests[0]?.headers).not.toHaveProperty('last-event-id')
  })

  it('sends a method and a body', async () => {
    let body = ''
    server.answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => stream(response, 'data: 1\n\n'))
    }
    const { when } = read({ body: { q: 'ü' } })
    await when({ data: 1 })
    expect([server.requests[0]?.method, server.requests[0]?.headers['content-type'], body]).toEqual([
      'POST',
      'application/json',
      '{"q":"ü"}',
    ])
  })

  it('sends the cursor as UTF-8 bytes, and as a parameter if asked', async () => {
    server.answer = (_, response) => stream(response, 'id: π-7 ☕\ndata: 1\n\n')
    const { subscription, when } = read({ lastEventIdParam: 'since' }, {}, '/events?a=1#top')
    await when({ lastEventId: 'π-7 ☕' })
    subscription.reconnect()
    await vi.waitFor(() => expect(server.requests).toHaveLength(2))
    const sent = server.requests[1]
    expect(Buffer.from(String(sent?.headers['last-event-id']), 'latin1').toString('utf8')).toBe('π-7 ☕')
    expect(new URL(sent?.url ?? '', server.url).searchParams.get('since')).toBe('π-7 ☕')
    expect(server.requests[0]?.url).toBe('/events?a=1')
    await when({ status: 'open' })
  })

  it.each(['killed sockets', 'a 503', 'a clean end'])('loses and doubles nothing over %s', async (how) => {
    let next = 1
    let fail = false
    server.answer = (request, response) => {
      if (fail) {
        fail = false
        return void response.writeHead(503).end('later')
      }
      // Replays from the cursor, then brings five more.
      let id = Number(request.headers['last-event-id'] ?? 0)
      response.writeHead(200, EVENT_STREAM)
      next = Math.max(next, id + 1) + 5
      while (++id < next) response.write(`id: ${id}\ndata: ${id}\n\n`)
      if (how === 'a clean end') response.end()
      else setImmediate(() => {
        fail = how === 'a 503'
        response.destroy()
      })
    }
    const seen: unknown[] = []
    read({ onMessage: (data) => seen.push(data) })
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(40))
    leave.splice(0).forEach((unsubscribe) => unsubscribe())
    expect(seen).toEqual(seen.map((_, index) => index + 1))
  })

  it.each([
    [204, {}, '', { status: 'closed', error: null }],
    [404, {}, 'no such stream', { status: 'failed', error: { code: 'status', status: 404, body: 'no such stream' } }],
    [401, {}, '{"e":1}', { status: 'failed', error: { code: 'unauthorized', status: 401, body: '{"e":1}' } }],
    [200, { 'Content-Type': 'text/html' }, '<!doctype html>', { status: 'failed', error: { code: 'content-type', body: '<!doctype html>' } }],
    [200, {}, 'data: 1\n\n', { status: 'failed', error: { code: 'content-type' } }],
  ])('%i %j ends for good', async (status, headers, body, change) => {
    server.answer = (_, response) => {
      response.writeHead(status, headers)
      response.end(body || undefined)
    }
    const { when } = read()
    // A seam: the error is matched by a part of it.
    await when(change as Partial<SSESnapshot>)
    expect(server.requests).toHaveLength(1)
  })

  it('keeps no more than the beginning of a long refusal, and does not wait for its end', async () => {
    server.answer = (_, response) => void response.writeHead(500).write('x'.repeat(100_000))
    const { subscription, when } = read({ retry: { attempts: 0 } })
    await when({ status: 'failed' })
    expect(subscription.getSnapshot().error?.body).toBe('x'.repeat(1_024))
    await vi.waitFor(() => expect(server.streams).toBe(0))
  })

  it('a 401 with fresh credentials resumes', async () => {
    server.answer = (request, response) =>
      request.headers.authorization === 'fresh' ? stream(response, 'data: 1\n\n') : response.writeHead(401).end()
    const tokens = ['stale', 'fresh']
    const { when } = read({ headers: async () => ({ authorization: tokens.shift() ?? 'none' }) })
    await when({ status: 'open', data: 1 })
    expect(server.requests).toHaveLength(2)
  })

  it('a server that is not there is retried', async () => {
    const { subscription, when } = read({ retry: () => 60_000 })
    server.answer = (request) => void request.socket.destroy()
    await when({ status: 'reconnecting', attempt: 1 })
    expect(subscription.getSnapshot().error).toMatchObject({ code: 'network', retryable: true })
  })

  it('an event that is too large fails for good', async () => {
    server.answer = (_, response) => stream(response, `data: ${'1'.repeat(2_000)}\n\n`)
    const { when } = read({ maxEventSize: 1_000 })
    await when({ status: 'failed' })
    expect(server.requests).toHaveLength(1)
  })

  it('close() in a handler ends the connection, the rest of the chunk unread', async () => {
    server.answer = (_, response) => stream(response, 'data: 1\n\ndata: 2\n\ndata: 3\n\n')
    const seen: unknown[] = []
    const { subscription, when } = read({
      onMessage(data) {
        seen.push(data)
        subscription.close()
      },
    })
    await when({ status: 'closed' })
    await vi.waitFor(() => expect(server.streams).toBe(0))
    expect(seen).toEqual([1])
  })

  it('a relative URL without a page says what to do', async () => {
    const client = createSSEClient(soon)
    const subscription = client.subscribe('/events')
    leave.push(subscription)
    await vi.waitFor(() => expect(subscription.getSnapshot().status).toBe('failed'))
    expect(subscription.getSnapshot().error?.message).toMatch(/baseUrl/)
  })

  it('takes any fetch, one that ignores its signal included', async () => {
    let cancelled = 0
    const custom: typeof fetch = async () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('data: 5\n\n')),
          cancel: () => void cancelled++,
        }),
        { headers: EVENT_STREAM },
      )
    const { subscription, when } = read({}, { transport: fetchTransport({ fetch: custom }) })
    await when({ data: 5 })
    subscription.unsubscribe()
    await vi.waitFor(() => expect(cancelled).toBe(1))
  })

  it('lists what is open, without secrets', async () => {
    server.answer = (_, response) => stream(response, 'data: 1\n\n')
    const { client, when } = read({}, {}, '/events?token=secret#frag')
    await when({ data: 1 })
    expect(client.streams()).toEqual([
      { id: expect.stringMatching(/^sse-\d+$/), url: `${server.url}/events`, status: 'open', users: 1, events: 1, bytes: 9, reconnects: 0 },
    ])
  })
})
