import type { MockConnection, SSEServerOptions } from 'eventwire/testing/node'
import { createSSEClient } from 'eventwire/core'
import { createSSEServer } from 'eventwire/testing/node'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { get } from 'node:https'
import { connect as connectTCP } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { certificate } from './certificate.js'

const leave: (() => unknown)[] = []

afterEach(async () => {
  for (const one of leave.splice(0).reverse()) await one()
})

async function start(options: SSEServerOptions = {}) {
  const server = await createSSEServer({ url: '/events', ...options })
  leave.push(() => server.close())
  return server
}

function read(url: string, options: Parameters<ReturnType<typeof createSSEClient>['subscribe']>[1] = {}) {
  const seen: unknown[] = []
  const client = createSSEClient({ retry: { baseMs: 1, maxMs: 1 } })
  const subscription = client.subscribe(url, { onMessage: (data) => seen.push(data), ...options })
  leave.push(subscription)
  const when = (change: object) => vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject(change))
  const saw = (...all: unknown[]) => vi.waitFor(() => expect(seen).toEqual(all))
  return { seen, saw, subscription, when }
}

describe('createSSEServer has the same handle', () => {
  it('events, comments, bytes, the request', async () => {
    const server = await start()
    const { saw, when, subscription } = read(`${server.url}?a=1`, { body: { q: 'ü' }, live: true, headers: { 'X-App': '1' } })
    const stream = await server.connected()
    await when({ status: 'open' })
    expect(stream.request).toMatchObject({ method: 'POST', url: '/events?a=1', body: '{"q":"ü"}', lastEventId: '' })
    expect(stream.request.headers).toMatchObject({ 'x-app': '1', accept: 'text/event-stream' })
    stream.send({ id: 'π-7', data: { cpu: 42 } })
    stream.comment('hello')
    for (const byte of new TextEncoder().encode('data: "ü"\n\n')) stream.sendBytes(Uint8Array.of(byte))
    await saw({ cpu: 42 }, 'ü')
    stream.drop()
    await when({ error: { code: 'network' } })
    server.expectCursor('π-7')
    const again = await server.connected()
    expect(again.request.lastEventId).toBe('π-7')
    again.end()
    await again.closed
    const third = await server.attempted()
    third.respond(404, { 'Content-Type': 'text/plain' }, 'gone')
    await when({ status: 'failed', error: { status: 404, body: 'gone' } })
    subscription.unsubscribe()
    await server.verify()
  })

  it.each<[what: string, finish: (stream: MockConnection) => void]>([
    ['an end', (stream) => stream.end()],
    ['a refusal', (stream) => stream.respond(404, {}, 'gone')],
    ['a break', (stream) => stream.drop()],
  ])('has nothing more to say to a client after %s, and more for the others', async (_, finish) => {
    const server = await start()
    const { when } = read(server.url)
    const stream = await server.attempted()
    finish(stream)
    server.send({ data: 1 })
    server.comment()
    stream.send({ data: 2 })
    stream.end()
    await stream.closed
    const again = _ === 'a refusal' ? await (read(server.url), server.connected()) : await server.connected()
    server.send({ data: 3 })
    if (_ !== 'a refusal') await when({ data: 3 })
    expect(again.state).toBe('open')
  })

  it('sees a client leave, pending or open', async () => {
    const server = await start()
    for (const open of [true, false]) {
      const { subscription, when } = read(server.url)
      const stream = await server.attempted()
      if (open) {
        stream.open()
        await when({ status: 'open' })
      }
      subscription.unsubscribe()
      await stream.closed
      stream.send({ data: 1 })
      stream.drop()
    }
    await expect(server.verify()).resolves.toBeUndefined()
  })

  it('one connection goes silent', async () => {
    const server = await start()
    const { saw, when } = read(server.url)
    const stream = await server.connected()
    stream.send({ data: 1 })
    await when({ data: 1 })
    stream.stall()
    stream.send({ data: 2 })
    stream.end()
    expect(stream.state).toBe('open')
    stream.drop()
    ;(await server.connected()).send({ data: 3 })
    await saw(1, 3)
  })

  it('reports what leaked, what nobody expected, and a cursor that was not sent', async () => {
    const server = await start({ timeoutMs: 50 })
    read(server.url, { headers: { 'User-Agent': 'the-leak/1' } })
    await server.connected()
    const { when } = read(`${server.origin}/other`, { headers: { 'User-Agent': 'other/1' } })
    await when({ status: 'failed', error: { status: 404, body: "createSSEServer({ url: '/events' }) got a request that nobody expected: GET /other\n" } })
    server.expectCursor('7')
    await expect(server.verify()).rejects.toThrow(
      [
        '3 complaints:',
        "- createSSEServer({ url: '/events' }): a connection leaked: GET /events, asked for by the-leak/1 is still open",
        "- createSSEServer({ url: '/events' }) got a request that nobody expected: GET /other, asked for by other/1",
        "- createSSEServer({ url: '/events' }) expected the cursor '7', which was not sent: no connection came",
      ].join('\n'),
    )
    await expect(server.connected()).rejects.toThrow(/no connection came within 50 ms/)
  })
})

describe('to everyone, with a replay buffer', () => {
  it('a client that lost the stream misses nothing and gets nothing twice', async () => {
    const server = await start({ replay: 100 })
    const { seen, saw, when } = read(server.url)
    const other = read(server.url)
    await when({ status: 'open' })
    await other.when({ status: 'open' })
    for (let n = 1; n <= 3; n++) server.send({ data: n })
    await saw(1, 2, 3)
    server.cut()
    for (let n = 4; n <= 6; n++) server.send({ data: n })
    await saw(1, 2, 3, 4, 5, 6)
    await other.saw(...seen)
    expect(server.connections.slice(2).map(({ request }) => request.lastEventId)).toEqual(['3', '3'])
  })

  it('keeps so many; an id that it does not know gets them all, a newcomer none', async () => {
    const server = await start({ replay: 2 })
    for (const id of ['a', 'b', 'c']) server.send({ id, data: { id } })
    server.comment()
    await read(server.url, { lastEventId: 'long ago' }).saw({ id: 'b' }, { id: 'c' })
    await read(server.url, { lastEventId: 'b' }).saw({ id: 'c' })
    const { seen, when } = read(server.url)
    await when({ status: 'open' })
    server.send({ id: 'd', data: 4 })
    await when({ data: 4 })
    expect(seen).toEqual([4])
  })
})

describe('faults', () => {
  it('a burst of errors, then none', async () => {
    const server = await start({ replay: 0 })
    server.burst(2, 503, { 'Retry-After': '0' })
    await read(server.url).when({ status: 'open', attempt: 2 })
    expect(server.connections.map(({ state }) => state)).toEqual(['closed', 'closed', 'open'])
  })

  it('a refusal: nobody listens, until it heals at the same port', async () => {
    const server = await start({ replay: 10 })
    const { when, saw, subscription } = read(server.url)
    await when({ status: 'open' })
    server.refuse()
    server.send({ data: 1 })
    await saw(1)
    server.cut()
    await vi.waitFor(() => expect(subscription.getSnapshot().attempt).toBeGreaterThan(2))
    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await server.heal()
    await server.heal()
    await vi.waitFor(() => expect(server.connections.at(-1)?.state).toBe('open'))
    server.send({ data: 2 })
    await saw(1, 2)
  })

  it('a refusal of requests over connections that a client kept, too', async () => {
    const server = await start()
    const socket = connectTCP(server.port, '127.0.0.1')
    leave.push(() => socket.destroy())
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text))
    const ask = () => socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    ask()
    const stream = await server.connected()
    server.refuse()
    // It comes in before the connection is free, and has its turn then.
    ask()
    stream.send({ data: 1 })
    stream.end()
    await once(socket, 'close')
    expect(answer).toContain('data: 1\n\n')
    expect(server.connections).toHaveLength(1)
  })

  it('a stall: connections stay, nothing comes, new ones get no answer', async () => {
    const server = await start({ replay: 10 })
    const { seen, when, saw } = read(server.url)
    await when({ status: 'open' })
    server.stall()
    server.send({ data: 1 })
    const newcomer = new AbortController()
    const answer = fetch(server.url, { signal: newcomer.signal })
    await vi.waitFor(() => expect(server.connections).toHaveLength(2))
    server.connections[1]?.send({ data: 1 })
    expect(server.connections.map(({ state }) => state)).toEqual(['open', 'pending'])
    newcomer.abort()
    await expect(answer).rejects.toThrow('aborted')
    expect(seen).toEqual([])
    await server.heal()
    server.cut()
    await vi.waitFor(() => expect(server.connections.at(-1)?.state).toBe('open'))
    server.send({ data: 2 })
    await saw(2)
  })

  it('a drip: bytes come one by one; healed, all at once', async () => {
    const server = await start()
    server.drip({ bytes: 4, everyMs: 1 })
    const pieces: string[] = []
    const reading = (async () => {
      const { body } = await fetch(server.url)
      for await (const chunk of body ?? []) pieces.push(new TextDecoder().decode(chunk))
    })()
    const stream = await server.connected()
    stream.send({ data: 'slowly' })
    stream.end()
    await reading
    expect(pieces.join('')).toBe('data: slowly\n\n')
    expect(pieces.length).toBeGreaterThan(1)
  })

  it('close() leaves nothing behind, whatever hangs', async () => {
    const server = await start()
    server.drip({ everyMs: 60_000 })
    read(server.url, { retry: { attempts: 0 } })
    const stream = await server.connected()
    stream.send({ data: 'never' })
    await server.close()
    await stream.closed
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })
})

describe('HTTP/2, with a certificate', () => {
  it('streams, and breaks one stream of a session alone', async () => {
    const server = await start({ tls: certificate, replay: 10 })
    const session = connect(server.origin, { ca: certificate.cert })
    leave.push(() => session.destroy())
    const streams = [1, 2].map(() => session.request({ ':path': '/events', 'last-event-id': '' }))
    const texts = ['', '']
    streams.forEach((stream, index) => stream.setEncoding('utf8').on('data', (text: string) => (texts[index] += text)))
    await vi.waitFor(() => expect(server.connections).toHaveLength(2))
    server.send({ data: 1 })
    await vi.waitFor(() => expect(texts).toEqual(['id: 1\ndata: 1\n\n', 'id: 1\ndata: 1\n\n']))
    expect(server.connections[0]?.request).toMatchObject({ method: 'GET', url: '/events' })
    expect(Object.keys(server.connections[0]?.request.headers ?? {})).not.toContainEqual(expect.stringMatching(/^:/))

    const [first, second] = streams
    const broken = first && once(first, 'error')
    server.connections[0]?.drop()
    expect(await broken).toEqual([expect.objectContaining({ code: 'ERR_HTTP2_STREAM_ERROR' })])
    second?.close()
    await server.connections[1]?.closed
    expect(session.closed).toBe(false)
  })

  it('refuses new streams of a session that it has', async () => {
    const server = await start({ tls: certificate, replay: 10 })
    const session = connect(server.origin, { ca: certificate.cert })
    leave.push(() => session.destroy())
    await once(session, 'connect')
    const closed = once(session, 'close')
    server.refuse()
    await closed
    const again = connect(server.origin, { ca: certificate.cert })
    expect(await once(again, 'error')).toEqual([expect.objectContaining({ code: 'ECONNREFUSED' })])
  })

  it('speaks HTTP/1.1 to who does not', async () => {
    const server = await start({ tls: certificate, replay: 10 })
    const request = get(server.url, { ca: certificate.cert })
    const [response] = await once(request, 'response')
    expect(response).toMatchObject({ statusCode: 200, httpVersion: '1.1', headers: { 'content-type': 'text/event-stream' } })
    request.destroy()
    await server.connections[0]?.closed
  })
})

it('pages of any origin may read it', async () => {
  const server = await start({ replay: 10 })
  const asking = { Origin: 'https://app.test', 'Access-Control-Request-Headers': 'last-event-id,authorization' }
  const preflight = await fetch(server.url, { method: 'OPTIONS', headers: asking })
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'last-event-id,authorization'])
  const answer = await fetch(server.url, { headers: { Origin: 'https://app.test' } })
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.test')
  expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
  await answer.body?.cancel()
  expect(server.connections).toHaveLength(1)
})

it('what is sent to one that has ended harms nobody', async () => {
  const server = await createSSEServer()
  const asked = fetch(`${server.origin}/events`)
  const one = await server.connected()
  one.send({ data: 1 })
  one.end()
  server.send({ data: 2 })
  one.sendBytes('data: 3\n\n')
  one.end()
  expect(await (await asked).text()).toBe('data: 1\n\n')
  await server.close()
})
