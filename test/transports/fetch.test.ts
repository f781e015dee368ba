import { createSSEClient, fetchTransport } from 'eventwire/core'
import type { ClientOptions, SSEClient, SSESnapshot, SubscribeOptions } from 'eventwire/core'
import type { MockConnection, SSEServer } from 'eventwire/testing/node'
import { createSSEServer } from 'eventwire/testing/node'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'
import { warnOfStrayBody } from '../../src/transports/stray-body.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let server: SSEServer
/** Answers every request from now on. */
let answer: (connection: MockConnection) => void
const leave: (() => void)[] = []

beforeEach(async () => {
  answer = ({ send }) => send({ data: 1 })
  server = await createSSEServer({ onConnection: (connection) => answer(connection) })
})

afterEach(async () => {
  leave.splice(0).forEach((unsubscribe) => unsubscribe())
  // No connection is left on the server's side once nobody reads.
  await server.verify()
  await server.close()
})

const soon = { retry: { baseMs: 1, maxMs: 1 } }

function read(options: SubscribeOptions = {}, clientOptions: ClientOptions = {}, path = '/events') {
  const client: SSEClient = createSSEClient({ ...soon, ...clientOptions })
  const subscription = client.subscribe(server.origin + path, options)
  leave.push(subscription)
  return { client, subscription, when: (change: Partial<SSESnapshot>) => vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject(change)) }
}

const requests = () => server.connections.map(({ request }) => request)

describe('what development says of an answer that only calls itself an event stream', () => {
  const said = async (...bodies: string[]) => {
    vi.resetModules()
    const fresh = await import('eventwire/core')
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    leave.push(() => (vi.unstubAllEnvs(), warn.mockRestore()))
    for (const body of bodies) {
      answer = ({ sendBytes, end }) => {
        if (body) sendBytes(body)
        end()
      }
      const recorded = recordAttempt(fresh.fetchTransport(), { url: server.origin })
      await vi.waitFor(() => expect(recorded.kinds()).toMatch(/(end|fail)$/))
    }
    return warn.mock.calls.map(([text]) => String(text))
  }

  it('how it begins, once', async () => {
    const error = `{"error":"no such \u{1f600} model"${' '.repeat(5_000)}}`
    const [text, ...more] = await said(error, error)
    expect(text).toMatch(/^eventwire: .*no event in it.*It begins: \{"error":"no such \u{1f600} model" +$/su)
    expect(text?.length).toBeLessThan(400)
    expect(more).toEqual([])
  })

  it('nothing of one that has events, an id, a time, a comment, half an event or no byte', async () => {
    const bodies = ['data: 1\n\n', 'id: 1\n\n', 'retry: 5\n', ': hello\n', '\ufeff:\n', 'x\ndata: 1', 'data', '']
    expect(await said(...bodies)).toEqual([])
  })

  it('nothing in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(await said('{}')).toEqual([])
  })

  it('nothing in a browser without a bundler, which has no process', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    vi.stubGlobal('process', undefined)
    warnOfStrayBody(new TextEncoder().encode('{}'))
    vi.unstubAllGlobals()
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})

describe('fetch over a real server', () => {
  it('asks as EventSource does, beside what the user adds', async () => {
    const { when } = read({ headers: { Authorization: 'Bearer 1' } })
    await when({ status: 'open' })
    expect(requests()[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer 1',
      'cache-control': 'no-cache',
    })
    expect(requests()[0]?.headers).not.toHaveProperty('last-event-id')
  })

  it('sends a method and a body', async () => {
    const { when } = read({ body: { q: 'ü' } })
    await when({ data: 1 })
    expect(requests()).toMatchObject([
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"q":"ü"}' },
    ])
  })

  it('sends the cursor as UTF-8 bytes, and as a parameter if asked', async () => {
    answer = ({ send }) => send({ id: 'π-7 ☕', data: 1 })
    const { subscription, when } = read({ lastEventIdParam: 'since' }, {}, '/events?a=1#top')
    await when({ lastEventId: 'π-7 ☕' })
    subscription.reconnect()
    await vi.waitFor(() => expect(server.connections).toHaveLength(2))
    const sent = requests()[1]
    expect(Buffer.from(String(sent?.headers['last-event-id']), 'latin1').toString('utf8')).toBe('π-7 ☕')
    expect(new URL(sent?.url ?? '', server.origin).searchParams.get('since')).toBe('π-7 ☕')
    expect(requests()[0]?.url).toBe('/events?a=1')
    await when({ status: 'open' })
  })

  it.each([
    ['has a control character', '7\u0001'],
    ['has a form feed', '7\f'],
    ['has a delete', '7\u007f'],
    ['is 64 KiB long', 'x'.repeat(65_536)],
  ])('comes back without a cursor that %s, which no server would take', async (_, id) => {
    answer = ({ sendBytes, drop }) => {
      sendBytes(`id: ${id}\ndata: ${server.connections.length}\n\n`)
      if (server.connections.length === 1) setImmediate(drop)
    }
    const seen: unknown[] = []
    const onOpen = vi.fn<(info: { resumed?: boolean }) => void>()
    const { when } = read({ onMessage: (data) => seen.push(data), onOpen })
    await when({ status: 'open', data: 2, lastEventId: id })
    expect(seen).toEqual([1, 2])
    expect(requests()[1]?.headers).not.toHaveProperty('last-event-id')
    expect(onOpen.mock.calls.map(([{ resumed }]) => resumed)).toEqual([undefined, false])
  })

  it('a server that wants two types to be accepted gets them', async () => {
    answer = ({ request, respond, send }) => {
      const accept = String(request.headers['accept'])
      if (accept.includes('application/json') && accept.includes('text/event-stream')) send({ data: 1 })
      else respond(406)
    }
    const { when } = read({ headers: { Accept: 'application/json, text/event-stream' } })
    await when({ status: 'open', data: 1 })
    expect(server.connections).toHaveLength(1)
  })

  it.each([
    ['a POST answered with 201', { method: 'POST', body: 'x' }, 201, { 'Content-Type': 'text/event-stream' }],
    ['a list of types', {}, 200, { 'Content-Type': 'application/json, text/event-stream' }],
    ['a type with parameters', {}, 200, { 'Content-Type': 'text/event-stream ; charset="a,b"' }],
  ])('opens on %s', async (_, options, status, headers) => {
    answer = ({ respond }) => respond(status, headers, 'data: 1\n\n')
    const { subscription, when } = read(options)
    await when({ data: 1 })
    expect(subscription.getSnapshot().error).toBeNull()
  })

  it('asks nobody for what can not be asked for, and does not try again', async () => {
    const { subscription, when } = read({ headers: async () => ({ 'X-A': 'a\nb' }) })
    await when({ status: 'failed' })
    expect(subscription.getSnapshot().error).toMatchObject({ code: 'unsupported', retryable: false })
    expect(server.connections).toEqual([])
  })

  it.each(['killed sockets', 'a 503', 'a clean end'])('loses and doubles nothing over %s', async (how) => {
    let next = 1
    let fail = false
    answer = ({ request, respond, send, end, drop }) => {
      if (fail) {
        fail = false
        return respond(503, {}, 'later')
      }
      // Replays from the cursor, then brings five more.
      let id = Number(request.lastEventId)
      next = Math.max(next, id + 1) + 5
      while (++id < next) send({ id: String(id), data: id })
      if (how === 'a clean end') end()
      else setImmediate(() => {
        fail = how === 'a 503'
        drop()
      })
    }
    const seen: unknown[] = []
    read({ onMessage: (data) => seen.push(data) })
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(40), 10_000)
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
    answer = ({ respond }) => respond(status, headers, body)
    const { when } = read()
    // A seam: the error is matched by a part of it.
    await when(change as Partial<SSESnapshot>)
    expect(server.connections).toHaveLength(1)
  })

  it('keeps no more than the beginning of a long refusal, and does not wait for its end', async () => {
    server.drip({ bytes: 50_000, everyMs: 60_000 })
    answer = ({ respond }) => respond(500, {}, 'x'.repeat(100_000))
    const { subscription, when } = read({ retry: { attempts: 0 } })
    await when({ status: 'failed' })
    expect(subscription.getSnapshot().error?.body).toBe('x'.repeat(16_384))
    await server.connections[0]?.closed
  })

  it('a 401 with fresh credentials resumes', async () => {
    answer = ({ request, send, respond }) =>
      request.headers['authorization'] === 'fresh' ? send({ data: 1 }) : respond(401)
    const tokens = ['stale', 'fresh']
    const { when } = read({ headers: async () => ({ authorization: tokens.shift() ?? 'none' }) })
    await when({ status: 'open', data: 1 })
    expect(server.connections).toHaveLength(2)
  })

  it('a server that is not there is retried', async () => {
    const { subscription, when } = read({ retry: () => 60_000 })
    answer = ({ drop }) => drop()
    await when({ status: 'reconnecting', attempt: 1 })
    expect(subscription.getSnapshot().error).toMatchObject({ code: 'network', retryable: true })
  })

  it('an event that is too large fails for good', async () => {
    answer = ({ send }) => send({ data: '1'.repeat(2_000) })
    const { when } = read({ maxEventSize: 1_000 })
    await when({ status: 'failed' })
    expect(server.connections).toHaveLength(1)
  })

  it('close() in a handler ends the connection, the rest of the chunk unread', async () => {
    answer = ({ sendBytes }) => sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    const seen: unknown[] = []
    const { subscription, when } = read({
      onMessage(data) {
        seen.push(data)
        subscription.close()
      },
    })
    await when({ status: 'closed' })
    await server.connections[0]?.closed
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
        { headers: { 'Content-Type': 'text/event-stream' } },
      )
    const { subscription, when } = read({}, { transport: fetchTransport({ fetch: custom }) })
    await when({ data: 5 })
    subscription.unsubscribe()
    await vi.waitFor(() => expect(cancelled).toBe(1))
  })

  it('lists what is open, without secrets', async () => {
    const { client, when } = read({}, {}, '/events?token=secret#frag')
    await when({ data: 1 })
    expect(client.streams()).toEqual([
      { id: expect.stringMatching(/^sse-\d+$/), url: `${server.origin}/events`, status: 'open', users: 1, events: 1, bytes: 9, reconnects: 0 },
    ])
  })
})

describe('a body that ends in the middle of an event', () => {
  it.each([
    ['data: 1\n\nid: 2\ndata: half', 'fail'],
    ['data: 1\n\ndata: 2\n', 'fail'],
    ['data: 1\n\nid: 2\n', 'fail'],
    ['data: 1\n\nda', 'fail'],
    ['data: 1\n\n: a comment', 'end'],
    ['data: 1\n\nretry: 5\n', 'end'],
    ['data: 1\n\n\n', 'end'],
  ])('%j: %s', async (text, how) => {
    answer = ({ sendBytes, end }) => {
      sendBytes(text)
      end()
    }
    const recorded = recordAttempt(fetchTransport(), { url: server.origin })
    await vi.waitFor(() => expect(recorded.kinds()).toMatch(/(end|fail)$/))
    expect(recorded.kinds().split(' ').at(-1)).toBe(how)
    const errors = recorded.of('fail').map(({ error }) => [error.code, error.retryable])
    expect(errors).toEqual(how === 'fail' ? [['interrupted', true]] : [])
  })

  it('is a break to a live stream, and an answer cut short to one that is not', async () => {
    answer = ({ sendBytes, end }) => {
      sendBytes('id: 1\ndata: 1\n\ndata: half')
      end()
    }
    const live = createSSEClient().subscribe(`${server.origin}/live`)
    const asked = createSSEClient().subscribe(`${server.origin}/asked`, { body: { q: 1 } })
    await vi.waitFor(() => expect(live.getSnapshot()).toMatchObject({ status: 'reconnecting', reconnectReason: 'error', lastEventId: '1' }))
    await vi.waitFor(() => expect(asked.getSnapshot()).toMatchObject({ status: 'failed', data: 1, error: { code: 'interrupted' } }))
    live.unsubscribe()
    asked.unsubscribe()
  })
})
