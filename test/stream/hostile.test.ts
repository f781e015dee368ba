import type { SubscribeOptions } from 'eventwire/core'
import { openSSE } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'
import { harness } from '../client/harness.js'
import { heap } from '../heap.js'

const MiB = 1024 * 1024
const BIG = 'x'.repeat(3 * MiB)
const good = 'id: 9\ndata: {"good":1}\n\n'
const GOOD = { status: 'open', data: { good: 1 }, lastEventId: '9', error: null }
/** A break that is ours to mend: what came before stays. */
const BROKEN = { status: 'failed', error: { code: 'too-large' } }

/** What a server sends, and what a reader sees then. Every row ends with a good event, unless the stream is over. */
const WIRE: [what: string, bytes: string | Uint8Array, seen: object, options?: SubscribeOptions][] = [
  ['nothing but line feeds', '\n'.repeat(2 * MiB) + good, GOOD],
  ['nothing but carriage returns', '\r'.repeat(2 * MiB) + good, GOOD],
  ['a comment of 3 MiB', `:${BIG}\n${good}`, GOOD],
  ['a comment that never ends', `:${BIG}${BIG}`, BROKEN],
  ['a line that never ends', `data: ${BIG}${BIG}`, BROKEN],
  ['a field name that never ends', BIG + BIG, BROKEN],
  ['an unknown field of 3 MiB', `hello: ${BIG}\n${good}`, GOOD],
  ['data of 3 MiB that is no JSON', `data: ${BIG}\n\n${good}`, GOOD],
  ['a million data lines of nothing', 'data\n'.repeat(MiB) + '\n' + good, GOOD],
  ['data lines past the bound', `data: ${'y'.repeat(1000)}\n`.repeat(6_000), BROKEN],
  ['an event past a bound of its own', `data: ${'1'.repeat(200)}\n\n`, BROKEN, { maxEventSize: 100 }],
  ['an id of 3 MiB', `id: ${BIG}\ndata: 1\n\n`, { status: 'open', data: 1, lastEventId: BIG }],
  ['an id past the bound', `id: ${BIG}${BIG}\ndata: 1\n\n`, BROKEN],
  ['a type of 3 MiB', `event: ${BIG}\ndata: 1\n\n${good}`, GOOD],
  ['a type past the bound', `event: ${BIG}${BIG}\ndata: 1\n\n`, BROKEN],
  ['100,000 types', Array.from({ length: 100_000 }, (_, type) => `event: t${type}\ndata: 1\n\n`).join('') + good, GOOD],
  ['100,000 ids', Array.from({ length: 100_000 }, (_, id) => `id: i${id}\ndata: 1\n\n`).join('') + good, GOOD, { dedupe: 50 }],
  ['an id with a NUL', `id: 7\ndata: 1\n\nid: a\0b\ndata: 2\n\n`, { data: 2, lastEventId: '7' }],
  ['an id of a control character', `id: \u0001\ndata: 1\n\n`, { data: 1, lastEventId: '\u0001' }],
  ['an id that is empty', `id: 7\ndata: 1\n\nid\ndata: 2\n\n`, { data: 2, lastEventId: '' }],
  ['the type __proto__', `event: __proto__\ndata: {"polluted":1}\n\n${good}`, GOOD],
  ['the type constructor', `event: constructor\ndata: 1\n\n${good}`, GOOD],
  ['the type toString', `event: toString\ndata: 1\n\n${good}`, GOOD],
  ['the type hasOwnProperty', `event: hasOwnProperty\ndata: 1\n\n${good}`, GOOD],
  ['a type that is none of the declared', `event: __proto__\ndata: 1\n\nid: 9\nevent: a\ndata: {"good":1}\n\n`, GOOD, { events: { a: 'json' } }],
  ['data with __proto__ in it', `data: {"__proto__":{"polluted":1}}\n\n${good}`, GOOD],
  ['JSON nested a thousand deep', `data: ${'['.repeat(1_000)}${']'.repeat(1_000)}\n\n${good}`, GOOD],
  ['JSON nested without end', `data: ${'['.repeat(100_000)}\n\n${good}`, GOOD],
  ['a number no double has', `data: 1${'0'.repeat(400)}\n\n${good}`, GOOD],
  ['lone surrogates in JSON', `data: "\\ud800"\n\n${good}`, GOOD],
  ['bytes that are no UTF-8', Uint8Array.from([...Buffer.from('data: "'), 0xff, 0xfe, 0xc0, 0x80, ...Buffer.from('"\n\n'), ...Buffer.from(good)]), GOOD],
  ['a BOM in the middle', `data: 1\n\n\ufeff${good}`, { status: 'open', data: { good: 1 } }],
  ['UTF-16', Uint8Array.from([0xff, 0xfe, ...Buffer.from('data: 1\n\n', 'utf16le'), ...Buffer.from(good)]), { status: 'open', error: null }],
  ['a retry of a century', `retry: 3153600000000\n${good}`, GOOD],
  ['a retry that is negative', `retry: -1\n${good}`, GOOD],
  ['a retry that is no number', `retry: soon\n${good}`, GOOD],
  ['a retry of a thousand digits', `retry: ${'9'.repeat(1_000)}\n${good}`, GOOD],
  ['an HTML page', `<!doctype html><html><body>data: 1</body></html>\n\n${good}`, GOOD],
  ['a JSON body', `{"error":"no"}\n\n${good}`, GOOD],
  ['HTTP within the body', `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${good}`, GOOD],
  ['mixed line ends', `data: 1\r\ndata: 2\rdata: 3\n\r\n${good}`, GOOD],
  ['spaces around a field', ` data: 1\ndata : 2\n\n${good}`, GOOD],
  ['no space after the colon', `data:1\n\n${good}`, GOOD],
]

describe('whatever a server sends', () => {
  it.each(WIRE)('%s', async (_, bytes, seen, options = {}) => {
    const before = heap()
    const { client, clock, transport, uncaught } = harness({ retry: { attempts: 0 } })
    const errors: string[] = []
    const reader = client.subscribe('/events', { onError: ({ code }) => errors.push(code), ...options })
    const stream = await transport.connected()
    stream.sendBytes(bytes)
    await clock.advance(300)
    expect(reader.getSnapshot()).toMatchObject(seen)
    expect(errors.every((code) => code === 'invalid-event' || code === 'too-large')).toBe(true)
    expect([uncaught, ({} as { polluted?: number }).polluted]).toEqual([[], undefined])
    // What is kept of it is bounded: at most one event, its type and its id.
    expect(heap() - before).toBeLessThan(24 * MiB)
    client.closeAll()
    await clock.advance(0)
    expect([clock.pending, stream.state]).toEqual([0, 'closed'])
  })
})

const never = () => new Promise<never>(() => {})
const fail = (): never => {
  throw new Error('mine')
}
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

/** What a careless app passes: whether the stream still gives its events, and what is told to `onUncaught`. */
const APP: [what: string, options: object, gets: unknown[], told: RegExp | null][] = [
  ['a listener that throws', { onMessage: fail }, [], /mine/],
  ['a listener that rejects', { onMessage: () => Promise.reject(new Error('mine')) }, [], /mine/],
  ['onOpen that throws', { onOpen: fail }, [1, 2], /mine/],
  ['onError that throws', { onError: fail, decode: fail }, [], /mine/],
  ['onBatch that throws', { onBatch: fail }, [1, 2], /mine/],
  ['onUndeclared that throws', { onUndeclared: fail, events: { other: 'json' } }, [], /mine/],
  ['until that throws', { until: fail }, [1, 2], /mine/],
  ['isError that throws', { isError: fail }, [1, 2], /mine/],
  ['notify that throws', { notify: fail }, [1, 2], /mine/],
  ['notify that never calls back', { notify: () => {} }, [1, 2], null],
  ['idleTimeout that throws', { idleTimeout: fail }, [1, 2], /mine/],
  ['renew.at that throws', { renew: { at: fail } }, [1, 2], /mine/],
  ['a decoder that throws', { decode: fail }, [], null],
  ['a decoder that throws nothing', { decode: () => { throw undefined } }, [], null],
  ['a decoder that gives a promise', { decode: never }, [], null],
  ['a decoder that gives what refers to itself', { decode: () => cyclic }, [cyclic, cyclic], null],
  ['a schema that is asynchronous', { decode: { '~standard': { version: 1, vendor: 'x', validate: never } } }, [], null],
  ['a schema that throws', { decode: { '~standard': { version: 1, vendor: 'x', validate: fail } } }, [], null],
  ['a storage that throws', { persist: { key: 'a', storage: { getItem: fail, setItem: fail, removeItem: fail } } }, [1, 2], /mine|storage/],
]

describe('whatever an app passes', () => {
  it.each(APP)('%s', async (_, options, gets, told) => {
    const { client, clock, transport, uncaught } = harness()
    const got: unknown[] = []
    const given: object = { onMessage: (data: unknown) => got.push(data), ...options }
    client.subscribe('/events', given)
    const other: unknown[] = []
    client.subscribe('/events', { onMessage: (data) => other.push(data) })
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\n')
    await clock.advance(2_000)
    expect(got).toEqual(gets)
    // Nobody else's turn is lost, nor the stream.
    expect([other, stream.state]).toEqual([[1, 2], 'open'])
    expect(uncaught.map(String).join() || 'nothing').toMatch(told ?? /^nothing$/)
    client.closeAll()
    await clock.advance(60_000)
    expect(clock.pending).toBe(0)
  })

  it.each<[string, object]>([
    ['headers that never settle', { headers: never }],
    ['a url that never settles', { url: never }],
    ['a body that never settles', { body: never, live: true }],
  ])('%s: the attempt is over after a minute, and close() ends it', async (_, options) => {
    const { client, clock, transport, uncaught } = harness()
    const reader = client.subscribe({ url: '/events', ...options })
    await clock.advance(61_000)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'timeout' } })
    reader.close()
    await clock.advance(0)
    expect([reader.getSnapshot().status, transport.connections.length, uncaught, clock.pending]).toEqual(['closed', 0, [], 0])
  })

  it('a signal that was aborted before: openSSE asks for nothing', async () => {
    const transport = mockTransport()
    const events = openSSE('/events', { transport, signal: AbortSignal.abort() })
    expect([await events.next(), transport.connections.length]).toEqual([{ done: true, value: undefined }, 0])
  })

  it('a signal that aborts in the middle: nothing is left', async () => {
    const transport = mockTransport()
    const controller = new AbortController()
    const events = openSSE('/events', { transport, signal: controller.signal })
    const first = events.next()
    const stream = await transport.connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\n')
    await first
    controller.abort()
    expect([await events.next(), stream.state]).toEqual([{ done: true, value: undefined }, 'closed'])
  })
})
