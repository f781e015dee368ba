import type { SourceOptions } from 'eventwire/core'
import { afterEach, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it("says once when readers disagree, and goes by the oldest reader's option", async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { client, transport } = harness()
  const reader = client.subscribe('/events', { retry: { baseMs: 10_000 } })
  client.subscribe('/events', { retry: { baseMs: 1 } })
  client.subscribe('/events', { retry: { baseMs: 1 } })
  client.subscribe('/events', { retry: { baseMs: 10_000 } })
  ;(await transport.connected()).drop()
  expect(reader.getSnapshot().retryAt).toBe(5_000)
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/different values for 'retry'/)]])
})

it('the widest maxEventSize and the fastest notify win', async () => {
  const { client, transport } = harness()
  let published = 0
  const small = client.subscribe('/events', { maxEventSize: 10, onChange: () => published++ })
  client.subscribe('/events', { maxEventSize: 100, notify: 'sync' })
  const stream = await transport.connected()
  published = 0
  stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
  expect(published).toBe(3)
  stream.send({ data: '1'.repeat(90) })
  expect(small.getSnapshot().status).toBe('open')
  stream.send({ data: '1'.repeat(101) })
  expect(small.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'too-large', retryable: false } })
})

it('an option that is not given does not count, whoever comes first', async () => {
  for (const order of [[{}, { maxEventSize: 10, lastEventId: '7' }], [{ maxEventSize: 10, lastEventId: '7' }, {}]]) {
    const { client, transport } = harness()
    const [one] = order.map((options) => client.subscribe('/events', options))
    const stream = await transport.connected()
    expect(stream.request.lastEventId).toBe('7')
    stream.send({ data: '1'.repeat(100) })
    expect(one?.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'too-large' } })
  }
})

it('retry and live are taken also from who comes while the stream runs', async () => {
  const { client, transport } = harness()
  const reader = client.subscribe('/events')
  const stream = await transport.connected()
  client.subscribe('/events', { live: false })
  stream.end()
  expect(reader.getSnapshot().status).toBe('closed')
})

it('a cursor to start from that comes too late is told', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { client, transport } = harness()
  client.subscribe('/events')
  await transport.connected()
  client.subscribe('/events', { lastEventId: '7' })
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/'lastEventId' came after/)]])
})

it('blames no header that was accepted once, nor one that was not sent', async () => {
  vi.stubGlobal('location', { origin: 'https://app.test', href: 'https://app.test/' })
  const { client, clock, transport } = harness({ retry: { jitter: false } })
  const codes: Record<string, string[]> = { resumed: [], parameter: [] }
  const read = async (name: keyof typeof codes, options: SourceOptions & { events?: undefined }) => {
    client.subscribe(options, { onError: ({ code }) => codes[name]?.push(code) })
    const stream = await transport.connected()
    stream.send({ id: '7', data: 1 })
    return stream
  }
  const again = async () => {
    await clock.advance(30_000)
    return transport.attempted()
  }
  ;(await read('resumed', { url: 'https://api.test/a' })).drop()
  const back = await again()
  back.open()
  await clock.advance(10_000)
  back.drop()
  for (let attempt = 0; attempt < 3; attempt++) (await again()).drop()
  client.closeAll()

  ;(await read('parameter', { url: 'https://api.test/b', lastEventIdParam: 'since' })).drop()
  for (let attempt = 0; attempt < 3; attempt++) (await again()).drop()
  client.closeAll()

  expect(codes).toEqual({ resumed: Array(5).fill('network'), parameter: Array(4).fill('network') })
})

it('names the header when a stream of another origin opens, but never with its cursor', async () => {
  vi.stubGlobal('location', { origin: 'https://app.test', href: 'https://app.test/' })
  const { client, clock, transport } = harness({ retry: { jitter: false } })
  const reader = client.subscribe('https://api.test/events')
  const near = client.subscribe('/events')
  for (const stream of [await transport.connected(), await transport.connected()]) {
    stream.send({ id: '7', data: 1 })
    stream.drop()
  }
  const codes: unknown[] = []
  for (let attempt = 0; attempt < 3; attempt++) {
    await clock.advance(30_000)
    ;(await transport.attempted()).drop()
    ;(await transport.attempted()).drop()
    codes.push([reader.getSnapshot().error?.code, near.getSnapshot().error?.code])
  }
  expect(codes).toEqual([
    ['network', 'network'],
    ['resume-blocked', 'network'],
    ['resume-blocked', 'network'],
  ])
  expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', lastEventId: '7' })
  expect(reader.getSnapshot().error?.message).toMatch(/Access-Control-Allow-Headers: Last-Event-ID.*lastEventIdParam/)
})
