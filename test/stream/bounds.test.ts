import type { SubscribeOptions } from 'eventwire/core'
import { openSSE } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createEventBuffer } from '../../src/client/event-buffer.js'
import { createLatest } from '../../src/stream/latest.js'
import { harness } from '../client/harness.js'
import { heap } from '../heap.js'

afterEach(() => vi.unstubAllEnvs())

const MiB = 1024 * 1024
const event = (type: string, size: number) => ({ type, data: null, raw: 'x'.repeat(size), lastEventId: '', receivedAt: 0, seq: 0 })

describe('memory for nobody', () => {
  it('openSSE and useSSEEvent keep no latest event of a type', async () => {
    const transport = mockTransport()
    const before = heap()
    const events = openSSE({ url: '/events', transport, decode: 'text' })
    let next = events.next()
    const stream = await transport.connected()
    for (let type = 0; type < 100; type++) {
      stream.send({ type: `type ${type}`, data: `${type}${'x'.repeat(MiB)}` })
      await next
      next = events.next()
    }
    expect(heap() - before).toBeLessThan(20 * MiB)
    await events.return()
  })

  it('latest keeps 256 undeclared types, and 8 MiB of their text', () => {
    const latest = createLatest(true)
    for (let type = 0; type < 300; type++) latest.put(event(`t${type}`, 10))
    expect(Object.keys(latest.toObject())).toHaveLength(256)
    for (let type = 0; type < 20; type++) latest.put(event(`big ${type}`, MiB))
    const kept = Object.values(latest.toObject())
    expect(kept.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThanOrEqual(8 * MiB)
    expect(kept.at(-1)?.type).toBe('big 19')
    const declared = createLatest(false)
    for (let type = 0; type < 300; type++) declared.put(event(`t${type}`, 10))
    expect(Object.keys(declared.toObject())).toHaveLength(300)
  })

  it('what waits for a slow loop is bounded by its text, not only by its events', () => {
    const buffer = createEventBuffer()
    for (let index = 0; index < 3; index++) buffer.push(event('a', 256 * 1024))
    expect(buffer.full).toBe(false)
    buffer.push(event('a', 256 * 1024))
    expect(buffer.full).toBe(true)
    while (buffer.shift());
    expect([buffer.full, buffer.empty]).toEqual([false, true])
  })

  it('history shrinks after the reader who asked for much has left', async () => {
    const { client, clock, transport } = harness()
    const much = client.subscribe('/events', { history: 1_000 })
    const little = client.subscribe('/events', { history: 2 })
    const stream = await transport.connected()
    const before = heap()
    for (let index = 0; index < 100; index++) stream.send({ data: `"${'x'.repeat(MiB / 4)}${index}"` })
    await clock.advance(20)
    expect(much.getSnapshot().history).toHaveLength(100)
    much.unsubscribe()
    stream.send({ data: 1 })
    await clock.advance(20)
    expect(little.getSnapshot().history).toHaveLength(2)
    expect(heap() - before).toBeLessThan(15 * MiB)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -3, 'many'])('history: %s, which production does not refuse, keeps nothing', async (history) => {
    vi.stubEnv('NODE_ENV', 'production')
    const { client, clock, transport } = harness()
    // A seam: JavaScript does not see types.
    const reader = client.subscribe('/events', { history } as unknown as SubscribeOptions)
    const stream = await transport.connected()
    const before = heap()
    for (let index = 0; index < 100; index++) stream.send({ data: { index, text: `${index}`.padEnd(400_000, '.') } })
    await clock.advance(20)
    expect(reader.getSnapshot()).toMatchObject({ data: { index: 99 }, history: [] })
    expect(heap() - before).toBeLessThan(15 * MiB)
  })
})

describe('what throws or changes oddly', () => {
  it("clear() inside onChange, under notify 'sync'", async () => {
    const { client, transport, uncaught } = harness({ notify: 'sync' })
    let published = 0
    const reader = client.subscribe('/events', {
      onChange() {
        published++
        reader.clear()
      },
    })
    const stream = await transport.connected()
    stream.send({ data: 1 })
    stream.send({ data: 2 })
    stream.drop()
    expect(reader.getSnapshot()).toMatchObject({ data: null, error: null })
    expect([published < 20, uncaught]).toEqual([true, []])
  })

  it("a reader that changes its event's data fails where the mistake is, in development", async () => {
    const { client, transport, uncaught } = harness()
    const seen: unknown[] = []
    client.subscribe('/events', {
      onMessage(data) {
        // A seam: what a careless reader does.
        ;(data as { list: number[] }).list.push(2)
      },
    })
    client.subscribe('/events', { onMessage: (data) => seen.push(data) })
    ;(await transport.connected()).send({ data: { list: [1] } })
    expect(seen).toEqual([{ list: [1] }])
    expect(uncaught).toMatchObject([{ name: 'TypeError' }])
  })

  it('a decoder that throws what has no words is an invalid event, and the stream goes on', async () => {
    const { client, clock, transport } = harness()
    const seen: unknown[] = []
    const reader = client.subscribe('/events', {
      decode(raw) {
        if (raw === 'bad') throw Object.create(null)
        return raw
      },
      onMessage: (data) => seen.push(data),
    })
    const stream = await transport.connected()
    for (const data of ['a', 'bad', 'b']) stream.send({ data })
    await clock.advance(20)
    expect(seen).toEqual(['a', 'b'])
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', error: null })
    expect(transport.connections).toHaveLength(1)
  })

  it('throw() and return() settle an iterator that waits', async () => {
    const transport = mockTransport()
    const events = openSSE({ url: '/events', transport })
    const waiting = events.next()
    await transport.connected()
    await expect(events.throw(new Error('mine'))).rejects.toThrow('mine')
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(transport.connections.map(({ state }) => state)).toEqual(['closed'])
  })

  it('the hint about a misspelt type looks once a type, and at no long one', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = harness()
    const names = Array.from({ length: 200 }, (_, index) => [`${'declared '.repeat(6)}${index}`, 'text'] as const)
    client.subscribe({ url: '/events', events: { ...Object.fromEntries(names), metrics: 'text' } })
    const stream = await transport.connected()
    const began = performance.now()
    for (let index = 0; index < 20_000; index++) stream.send({ type: 'metric', data: '1' })
    stream.send({ type: 'm'.repeat(4 * MiB - 10), data: '1' })
    // Before, each event cost a comparison with each name: minutes here.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/Did you mean 'metrics'/)]])
    warn.mockRestore()
  })
})

describe('promises where none is awaited are no answer, and say so', () => {
  // Seams: the types refuse them.
  it.each<[string, object, RegExp]>([
    ['until', { until: async () => true }, /until gave a promise/],
    ['isError', { isError: async () => true }, /isError gave a promise/],
    ['retry', { retry: async () => 5 }, /retry gave a promise/],
    ['retry, rejecting', { retry: () => Promise.reject(new Error('later')) }, /retry gave a promise/],
    ['idleTimeout', { idleTimeout: async () => 1 }, /idleTimeout gave a promise/],
    ['idleTimeout, rejecting', { idleTimeout: () => Promise.reject(new Error('later')) }, /idleTimeout gave a promise/],
    ['notify', { notify: async (flush: () => void) => flush() }, /notify gave a promise/],
    [
      'notify, rejecting',
      {
        notify: (flush: () => void) => {
          flush()
          return Promise.reject(new Error('later'))
        },
      },
      /notify gave a promise/,
    ],
  ])('%s', async (_, options, says) => {
    const { client, clock, transport, uncaught } = harness()
    const reader = client.subscribe('/events', options)
    const stream = await transport.connected()
    stream.send({ data: 1 })
    await clock.advance(20)
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 1 })
    stream.drop()
    expect(reader.getSnapshot().status).toBe('reconnecting')
    expect(String(uncaught[0])).toMatch(says)
  })

  it('decode: an invalid event, and no rejection ends the process', async () => {
    const { client, transport } = harness()
    const errors: string[] = []
    client.subscribe('/events', {
      decode: async () => Promise.reject(new Error('later')),
      onError: ({ code, message }) => errors.push(`${code} ${message}`),
    })
    ;(await transport.connected()).send({ data: 1 })
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual([expect.stringMatching(/^invalid-event .*gave a promise/)])
  })
})
