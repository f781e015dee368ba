import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

describe('reconnecting', () => {
  it('comes back from the cursor after a break, in order, nothing twice', async () => {
    const { client, clock, transport } = harness()
    const seen: unknown[] = []
    const states: string[] = []
    const resumptions: unknown[] = []
    const reader = client.subscribe('/events', {
      decode: 'text',
      onMessage: (data, event) => seen.push([event.lastEventId, data, event.seq]),
      onResume: (resumption) => resumptions.push(resumption),
      onChange: ({ status }) => states.at(-1) !== status && states.push(status),
    })
    const first = await transport.connected()
    first.send({ id: '1', data: 'a' })
    first.send({ id: '2', data: 'b' })
    first.drop()
    expect(reader.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      data: 'b',
      attempt: 1,
      retryAt: 500,
      reconnectReason: 'error',
      error: { code: 'network', retryable: true },
    })
    await clock.advance(499)
    expect(transport.connections).toHaveLength(1)
    await clock.advance(1)
    const second = await transport.connected()
    expect(second.request.lastEventId).toBe('2')
    second.send({ id: '3', data: 'c' })
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 'c', error: null, retryAt: null, attempt: 1 })
    await clock.advance(5_000)
    expect(reader.getSnapshot().attempt).toBe(0)
    expect(seen).toEqual([
      ['1', 'a', 1],
      ['2', 'b', 2],
      ['3', 'c', 3],
    ])
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open'])
    // Nobody vouches that the server has replayed.
    expect(resumptions).toEqual([{ resumed: true, gapPossible: true }])
    expect(client.streams()).toMatchObject([{ events: 3, reconnects: 1 }])
  })

  it('keeps the cursor over attempts that fail, and over blocks with nothing but an id', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const first = await transport.connected()
    first.sendBytes('id: π-7\n\n')
    await clock.advance(100)
    expect(reader.getSnapshot()).toMatchObject({ lastEventId: 'π-7', data: null })
    first.drop()
    for (const status of [500, 503]) {
      await clock.advance(30_000)
      ;(await transport.attempted()).respond(status)
    }
    await clock.advance(30_000)
    const last = await transport.connected()
    expect(last.request.lastEventId).toBe('π-7')
    last.send({ data: 1 })
    expect(reader.getSnapshot().lastEventId).toBe('π-7')
    last.send({ id: '', data: 1 })
    await clock.advance(100)
    expect(reader.getSnapshot().lastEventId).toBe('')
  })

  it('grows the wait while streams break before they are stable, and starts over after', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const waits: unknown[] = []
    for (let round = 0; round < 4; round++) {
      const stream = await transport.connected()
      await clock.advance(round === 3 ? 5_000 : 4_999)
      stream.drop()
      waits.push((reader.getSnapshot().retryAt ?? 0) - clock.now())
      await clock.advance(30_000)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 500])
  })

  it("takes the server's reconnection time, and Retry-After as a floor", async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const first = await transport.connected()
    first.send({ retry: 6_000 })
    first.drop()
    expect(reader.getSnapshot().retryAt).toBe(3_000)
    await clock.advance(3_000)
    ;(await transport.attempted()).respond(503, { 'Retry-After': '60' })
    expect(reader.getSnapshot().retryAt).toBe(63_000)
  })

  it('tells a planned end from a failure', async () => {
    const { client, clock, transport } = harness()
    const onError = vi.fn()
    const reader = client.subscribe('/events', { onError })
    const first = await transport.connected()
    first.send({ data: 1 })
    first.end()
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', reconnectReason: 'planned', attempt: 1, error: null })
    await clock.advance(500)
    await transport.connected()
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', reconnectReason: null })
    expect(onError).not.toHaveBeenCalled()
  })

  it('stops after as many retries as it may', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { retry: { attempts: 2 } })
    for (let attempt = 0; attempt < 3; attempt++) {
      ;(await transport.attempted()).respond(503)
      await clock.advance(60_000)
    }
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', attempt: 3, error: { status: 503 } })
    expect(transport.connections).toHaveLength(3)
    expect(clock.pending).toBe(0)
  })

  it('never retries with no attempts', async () => {
    const { client, clock, transport } = harness({ retry: { attempts: 0 } })
    const broken = client.subscribe('/broken')
    const ended = client.subscribe('/ended')
    ;(await transport.connected()).drop()
    ;(await transport.connected()).end()
    await clock.advance(60_000)
    expect([broken, ended].map((reader) => reader.getSnapshot().status)).toEqual(['failed', 'closed'])
    expect(transport.connections).toHaveLength(2)
  })

  it('asks a retry function, which may stop it, and survives one that throws', async () => {
    const { client, clock, transport, uncaught } = harness()
    const retry = vi.fn().mockReturnValueOnce(7_000).mockReturnValueOnce(Number.NaN).mockReturnValue(false)
    const reader = client.subscribe('/events', { retry })
    ;(await transport.attempted()).respond(503)
    expect(reader.getSnapshot().retryAt).toBe(7_000)
    await clock.advance(7_000)
    ;(await transport.attempted()).respond(503)
    expect(reader.getSnapshot().retryAt).toBe(8_000)
    expect(uncaught).toMatchObject([{ message: 'retry must return milliseconds or false, not NaN' }])
    await clock.advance(1_000)
    ;(await transport.attempted()).respond(503)
    expect(reader.getSnapshot().status).toBe('failed')
    expect(retry.mock.calls.map(([context]) => [context.attempt, context.reason])).toEqual([
      [1, 'error'],
      [2, 'error'],
      [3, 'error'],
    ])
  })
})

describe('the retry function', () => {
  it('may close the stream: nothing comes after', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', {
      retry() {
        reader.close()
        return 1_000
      },
    })
    ;(await transport.connected()).drop()
    await clock.advance(5_000)
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', retryAt: null })
    expect(transport.connections).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('says no time that timers can not keep', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { retry: () => Infinity })
    ;(await transport.connected()).drop()
    expect(reader.getSnapshot().retryAt).toBe(clock.now() + 2 ** 31 - 1)
  })
})

it('retry: 0 and a long outage: it comes back', async () => {
  const { client, clock, transport } = harness()
  const reader = client.subscribe('/events')
  const first = await transport.connected()
  first.send({ retry: 0, data: 1 })
  first.drop()
  // The next at once, as far as two attempts may be close; then it waits.
  await clock.advance(100)
  ;(await transport.attempted()).drop()
  await clock.advance(50)
  expect(transport.connections).toHaveLength(2)
  await clock.advance(60_000)
  ;(await transport.connected()).send({ data: 2 })
  expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 2 })
})

describe('what HTTP says', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('%i is retried', async (status) => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events')
    ;(await transport.attempted()).respond(status)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'status', status } })
  })

  it.each([201, 205, 301, 400, 403, 404, 410, 418])('%i fails for good', async (status) => {
    const { client, clock, transport } = harness()
    const onError = vi.fn()
    const reader = client.subscribe('/events', { onError })
    ;(await transport.attempted()).respond(status, {}, 'why not')
    await clock.advance(120_000)
    expect(transport.connections).toHaveLength(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'status', status, body: 'why not' } })
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('204 closes for good, without an error', async () => {
    const { client, clock, transport } = harness()
    const onClose = vi.fn()
    const onError = vi.fn()
    const reader = client.subscribe('/events', { onClose, onError })
    ;(await transport.attempted()).respond(204)
    await clock.advance(120_000)
    expect(transport.connections).toHaveLength(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', error: null })
    expect([onClose.mock.calls.length, onError.mock.calls.length]).toEqual([1, 0])
  })

  it.each([
    [undefined, /no Content-Type/],
    ['text/html; charset=utf-8', /HTML page/],
    ['application/json', /'application\/json'/],
    ['text/event-streams', /'text\/event-streams'/],
  ])('the content type %s fails with its usual causes', async (type, message) => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events')
    ;(await transport.attempted()).respond(200, type ? { 'Content-Type': type } : {})
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'content-type' } })
    expect(reader.getSnapshot().error?.message).toMatch(message)
  })

  it.each(['text/event-stream', 'text/event-stream; charset=utf-8', 'Text/Event-Stream ;a=b'])('%s opens', async (type) => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events')
    ;(await transport.attempted()).respond(200, { 'Content-Type': type })
    expect(reader.getSnapshot().status).toBe('open')
  })

  it('a 401 asks once more for credentials, then resumes', async () => {
    const { client, clock, transport } = harness()
    let token = 1
    const onError = vi.fn()
    const reader = client.subscribe('/events', { headers: () => ({ Authorization: `t${token++}` }), onError })
    const first = await transport.connected()
    first.send({ id: '9', data: 1 })
    first.drop()
    await clock.advance(500)
    ;(await transport.attempted()).respond(401)
    const again = await transport.connected()
    expect(again.request).toMatchObject({ lastEventId: '9', headers: { authorization: 't3' } })
    expect(reader.getSnapshot().status).toBe('open')
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('a second 401 in a row fails', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { headers: () => ({ Authorization: 'old' }) })
    ;(await transport.attempted()).respond(401)
    ;(await transport.attempted()).respond(401)
    await clock.advance(60_000)
    expect(transport.connections).toHaveLength(2)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } })
  })

  it('a 401 asks a function for the body again too, but sends no stream twice', async () => {
    const { client, transport } = harness()
    let asked = 0
    client.subscribe('/events', { method: 'POST', body: () => ({ token: ++asked }) })
    ;(await transport.attempted()).respond(401)
    expect((await transport.attempted()).request.body).toBe('{"token":2}')
    const reader = client.subscribe('/stream', { body: new Blob(['a']).stream(), headers: () => ({}) })
    ;(await transport.attempted()).respond(401)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } })
  })

  it('a 401 with nobody to ask fails at once', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { headers: { Authorization: 'old' } })
    ;(await transport.attempted()).respond(401)
    await clock.advance(60_000)
    expect(transport.connections).toHaveLength(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } })
  })

  it('streams that share a function ask it once after their 401s', async () => {
    const asked: (() => void)[] = []
    const headers = vi.fn(() => new Promise<HeadersInit>((resolve) => asked.push(() => resolve({}))))
    const { client, clock, transport } = harness({ headers })
    client.subscribe('/a')
    client.subscribe('/b')
    await clock.advance(0)
    asked.splice(0).forEach((answer) => answer())
    ;(await transport.attempted()).respond(401)
    ;(await transport.attempted()).respond(401)
    await clock.advance(0)
    expect(headers).toHaveBeenCalledTimes(3)
    asked.splice(0).forEach((answer) => answer())
    await clock.advance(0)
    expect(transport.connections).toHaveLength(4)
  })

  it('a function that throws is retried', async () => {
    const { client, clock, transport } = harness()
    const headers = vi.fn().mockRejectedValueOnce(new Error('no token')).mockResolvedValue({})
    const reader = client.subscribe('/events', { headers })
    await clock.advance(0)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'callback', cause: { message: 'no token' } } })
    await clock.advance(500)
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })
})

describe('a stream that is not live', () => {
  it.each([
    ['ends', 'closed', null],
    ['breaks', 'failed', 'interrupted'],
  ] as const)('%s: %s', async (how, status, code) => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/ask', { method: 'POST', body: { q: 1 } })
    const stream = await transport.connected()
    stream.send({ data: 1 })
    if (how === 'ends') stream.end()
    else stream.drop()
    await clock.advance(120_000)
    expect(reader.getSnapshot()).toMatchObject({ status, data: 1 })
    expect(reader.getSnapshot().error?.code ?? null).toBe(code)
    expect(transport.connections).toHaveLength(1)
  })

  it('is not sent twice after a 503 either', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/ask', { method: 'POST' })
    ;(await transport.attempted()).respond(503)
    await clock.advance(120_000)
    expect(reader.getSnapshot().status).toBe('failed')
    expect(transport.connections).toHaveLength(1)
  })
})

describe('close', () => {
  it('wins over the rest of the same chunk', async () => {
    const { client, transport } = harness()
    const seen: unknown[] = []
    const reader = client.subscribe('/events', {
      onMessage(data) {
        seen.push(data)
        if (data === 2) reader.close()
      },
    })
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\nid: 4\n\n')
    expect(seen).toEqual([1, 2])
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', data: 2, lastEventId: '' })
    expect(stream.state).toBe('closed')
  })

  it('wins over a retry already scheduled, and open resumes from the cursor', async () => {
    const { client, clock, transport } = harness()
    const onClose = vi.fn()
    const reader = client.subscribe('/events', { onClose })
    const first = await transport.connected()
    first.send({ id: '4', data: 1 })
    first.drop()
    reader.close()
    reader.close()
    await clock.advance(120_000)
    expect(transport.connections).toHaveLength(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', retryAt: null, data: 1 })
    expect(onClose).toHaveBeenCalledTimes(1)
    reader.open()
    expect((await transport.connected()).request.lastEventId).toBe('4')
    expect(reader.getSnapshot().status).toBe('open')
  })

  it('wins over an attempt that is about to be answered', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    const attempt = await transport.attempted()
    reader.close()
    attempt.open()
    attempt.send({ data: 1 })
    await clock.advance(100)
    expect(reader.getSnapshot()).toMatchObject({ status: 'closed', data: null })
  })

  it('of one reader closes the stream for all', async () => {
    const { client, transport } = harness()
    const [one, two] = [client.subscribe('/events'), client.subscribe('/events')]
    await transport.connected()
    one.close()
    expect(two.getSnapshot().status).toBe('closed')
  })

  it('reconnect starts afresh at once', async () => {
    const { client, transport } = harness()
    const reader = client.subscribe('/events')
    const first = await transport.connected()
    first.send({ id: '1', data: 1 })
    reader.reconnect()
    expect(first.state).toBe('closed')
    expect((await transport.connected()).request.lastEventId).toBe('1')
    expect(transport.connections).toHaveLength(2)
  })
})
