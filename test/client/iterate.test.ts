import { openSSE } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { iterate } from '../../src/client/iterate.js'
import type { RealServer } from '../transports/server.js'
import { EVENT_STREAM, startServer } from '../transports/server.js'
import { collect } from '../heap.js'
import { harness } from './harness.js'

describe('openSSE', () => {
  it('gives every event in order, and ends when the stream is closed', async () => {
    const transport = mockTransport()
    const seen: unknown[] = []
    const loop = (async () => {
      for await (const event of openSSE<number>({ url: '/events', transport, live: false })) seen.push(event.data)
      return 'over'
    })()
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    stream.end()
    expect(await loop).toBe('over')
    expect(seen).toEqual([1, 2, 3])
  })

  it('throws the error when the stream has failed, after what came before', async () => {
    const transport = mockTransport()
    const events = openSSE({ url: '/events', transport, retry: { attempts: 0 } })
    const first = events.next()
    const stream = await transport.connected()
    stream.send({ data: 1 })
    stream.drop()
    expect((await first).value).toMatchObject({ data: 1 })
    await expect(events.next()).rejects.toMatchObject({ code: 'network' })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it("says once how an event begins that it left out, in development; what hears of errors is told instead", async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const errors: (string | undefined)[] = []
    const read = async (options: object) => {
      const transport = mockTransport()
      const events = openSSE({ url: '/events', transport }, options)
      const first = events.next()
      const stream = await transport.connected()
      stream.sendBytes('data: hello\n\ndata: hello\n\ndata: 1\n\n')
      expect((await first).value).toMatchObject({ data: 1 })
      await events.return()
    }
    await read({ onError: ({ body }: { body?: string }) => errors.push(body) })
    expect([errors, warn.mock.calls]).toEqual([['hello', 'hello'], []])
    await read({ onError: undefined })
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/openSSE left out an event.*not JSON: pass decode: 'text'.*It begins: hello\. Pass onError/)]])
    warn.mockRestore()
  })

  it('connects at the first next, shares with nobody, and reconnects', async () => {
    const { client, clock, transport } = harness()
    const one = iterate(client, { url: '/events' }, {})
    const two = iterate(harness({ clock, transport }).client, { url: '/events' }, {})
    await clock.advance(0)
    expect(transport.connections).toHaveLength(0)
    const [first, second] = [one.next(), two.next()]
    const [a, b] = [await transport.connected(), await transport.connected()]
    a.drop()
    await clock.advance(1_000)
    ;(await transport.connected()).send({ data: 'a'.length })
    b.send({ data: 2 })
    expect((await first).value).toMatchObject({ data: 1 })
    expect((await second).value).toMatchObject({ data: 2 })
    await Promise.all([one.return(), two.return()])
    await clock.advance(0)
    expect(transport.connections.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed'])
    expect(clock.pending).toBe(0)
  })

  it('break releases the connection', async () => {
    const { client, clock, transport } = harness()
    const loop = (async () => {
      for await (const event of iterate(client, { url: '/events' }, {})) if (event.data === 2) break
    })()
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    await loop
    expect(stream.state).toBe('closed')
    expect([clock.pending, client.streams()]).toEqual([0, []])
  })

  it('a signal ends it quietly: before, while it waits, with events waiting', async () => {
    const { client, clock, transport } = harness()
    expect(await iterate(client, { url: '/events', signal: AbortSignal.abort() }, {}).next()).toEqual({ done: true, value: undefined })

    const controller = new AbortController()
    const events = iterate(client, { url: '/events', signal: controller.signal }, {})
    const first = events.next()
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\n')
    expect((await first).value).toMatchObject({ data: 1 })
    controller.abort()
    expect(await events.next()).toEqual({ done: true, value: undefined })
    await clock.advance(0)
    expect(stream.state).toBe('closed')
    expect(clock.pending).toBe(0)
  })

  it.each(['return', 'signal'] as const)('%s releases the connection at once, waiting or busy', async (how) => {
    for (const busy of [false, true]) {
      const { client, clock, transport } = harness()
      const controller = new AbortController()
      const events = iterate(client, { url: '/events', signal: controller.signal }, {})
      const first = events.next()
      const stream = await transport.connected()
      if (busy) {
        stream.send({ data: 1 })
        await first
      }
      const returned = how === 'return' ? events.return() : controller.abort()
      await clock.advance(0)
      expect(stream.state).toBe('closed')
      expect([clock.pending, client.streams()]).toEqual([0, []])
      await returned
      expect(await events.next()).toEqual({ done: true, value: undefined })
    }
  })

  it('forgets what the loop has had, also when it is always a little behind', async () => {
    const { client, clock, transport } = harness()
    const events = iterate(client, { url: '/events' }, {})
    const reference = events.next().then(({ value }) => new WeakRef(value ?? {}))
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\n'.repeat(3))
    const first = await reference
    for (let index = 0; index < 3_000; index++) {
      stream.send({ data: index })
      await events.next()
    }
    // The first was published.
    await clock.advance(16)
    await vi.waitFor(() => {
      collect()
      expect(first.deref() === undefined).toBe(true)
    })
    await events.return()
  })

  it('takes a chunk of any number of events where it can make the server wait', async () => {
    const { client, transport } = harness()
    const events = iterate(client, { url: '/events', live: false }, {})
    const first = events.next()
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\n'.repeat(70_000))
    stream.end()
    await first
    let count = 1
    for await (const _ of events) count++
    expect(count).toBe(70_000)
  })

  it('is typed by its decoder, and throws without a url', async () => {
    const transport = mockTransport()
    const events = openSSE({ url: '/events', transport, decode: 'text' })
    const first = events.next()
    ;(await transport.connected()).send({ data: 'plain' })
    const { value } = await first
    expect(value?.data.toUpperCase()).toBe('PLAIN')
    await events.return()
    expect(() => openSSE({ url: '' })).toThrow(/needs a url/)
  })

  it('fails rather than forget when events pile up that nobody can hold back', async () => {
    const transport = mockTransport({ can: ['headers', 'all-types', 'cursor'] })
    const events = iterate(harness({ transport }).client, { url: '/events' }, {})
    const first = events.next()
    ;(await transport.connected()).sendBytes('data: 1\n\n'.repeat(70_000))
    await first
    let count = 1
    await expect(
      (async () => {
        for await (const _ of events) count++
      })(),
    ).rejects.toMatchObject({ code: 'too-large' })
    // Nothing after the one too many, everything before.
    expect(count).toBe(65_537)
  })
})

describe('openSSE over a real server', () => {
  let server: RealServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.close())

  it('makes the server wait when the loop is slow, and loses nothing', async () => {
    const total = 400
    const block = 'x'.repeat(64_000)
    let written = 0
    server.answer = (_, response) => {
      response.writeHead(200, EVENT_STREAM)
      const write = () => {
        while (written < total) {
          written++
          if (!response.write(`id: ${written}\ndata: ${written}\n\n: ${block}\n\n${'data: 0\n\n'.repeat(50)}`)) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    }
    const events = openSSE<number>({ url: server.url, live: false })
    const seen: number[] = []
    const first = await events.next()
    seen.push(first.value?.data ?? 0)
    // It stops by itself, far from the end: the queue is bounded and so are the sockets' buffers.
    let before = -1
    await vi.waitFor(() => {
      const now = written
      const settled = now === before
      before = now
      expect(settled).toBe(true)
    })
    expect(written).toBeLessThan(total)
    for await (const { data } of events) if (data > 0) seen.push(data)
    expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  })
})
