import { createSSEClient, createSSERequest, fetchTransport } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { nativeTransport } from 'eventwire/native'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { here, type ByEngine } from '../../browser/engine.js'
import { serve } from '../../browser/serve.js'
import { fromUTF8, utf8 } from '../../../src/testing/conformance/wire-cases.js'

const open: { close(): void }[] = []

// A browser holds six connections to a host at most: what a test leaves would keep the next one waiting.
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** The browser's own EventSource, and what it has told. */
function watch(url: string) {
  const source = new EventSource(url)
  open.push(source)
  const seen: string[] = []
  let opened = 0
  source.addEventListener('open', () => opened++)
  source.addEventListener('message', ({ data, lastEventId }) => seen.push(`${lastEventId}: ${String(data)}`))
  return { seen, opened: () => opened > 0 }
}

describe('half an event, and then the connection is over', () => {
  const answers = [
    { chunks: [utf8('retry: 1\nid: 1\ndata: one\n\nid: 99\ndata: half')], after: 'hold' },
    { chunks: [utf8('id: 2\ndata: two\n\n')], after: 'hold' },
  ] as const

  const whole = ['1: one', '2: two']
  const twice: ByEngine<Record<'drop' | 'reset', readonly string[]>> = {
    chromium: { drop: whole, reset: whole },
    firefox: { drop: whole, reset: whole },
    webkit: { drop: whole, reset: ['1: one', '99: halfid: 2\ntwo'] },
  }

  test.each(['drop', 'reset'] as const)('EventSource, after a %s', async (how) => {
    const stream = await serve(answers)
    const source = watch(stream.url)
    await vi.waitFor(() => expect(source.seen).toHaveLength(1))
    await stream[how]()
    await vi.waitFor(() => expect(source.seen).toHaveLength(2), { timeout: 10_000 })
    expect(source.seen).toEqual(here(twice)[how])
  })

  test('EventSource, after a clean end', async () => {
    const stream = await serve([{ ...answers[0], after: 'end' }, answers[1]])
    const source = watch(stream.url)
    await vi.waitFor(() => expect(source.seen).toHaveLength(2), { timeout: 10_000 })
    expect(source.seen).toEqual(whole)
  })

  test.each([
    ['fetch', {}],
    ['native with lastEventIdParam', { transport: nativeTransport(), lastEventIdParam: 'after', types: ['message'] }],
  ])('eventwire over %s, after a reset: in every engine as the standard says', async (_, options) => {
    const stream = await serve(answers)
    const seen: string[] = []
    const client = createSSEClient({ retry: { baseMs: 1, maxMs: 1 } })
    const { unsubscribe } = client.subscribe(stream.url, {
      ...options,
      decode: 'text',
      onMessage: (data, { lastEventId }) => seen.push(`${lastEventId}: ${data}`),
    })
    open.push({ close: unsubscribe })
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    await stream.reset()
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 10_000 })
    expect(seen).toEqual(whole)
  })

  const read: ByEngine<Record<'drop' | 'reset', 'broke' | 'ended'>> = {
    chromium: { drop: 'broke', reset: 'broke' },
    firefox: { drop: 'broke', reset: 'broke' },
    webkit: { drop: 'ended', reset: 'broke' },
  }

  test.each(['drop', 'reset'] as const)('fetch, after a %s', async (how) => {
    const stream = await serve(answers)
    const { body } = await fetch(stream.url)
    const reader = body?.getReader()
    open.push({ close: () => void reader?.cancel().catch(() => {}) })
    await reader?.read()
    await stream[how]()
    const over = (async () => {
      while (!(await reader?.read())?.done);
      return 'ended'
    })()
    expect(await over.catch(() => 'broke')).toBe(here(read)[how])
  })
})

describe('an answer without a first byte', () => {
  const tells: ByEngine<boolean> = { chromium: true, firefox: false, webkit: true }

  const clients: Record<string, (url: string) => { opened: () => boolean }> = {
    fetch(url) {
      const abort = new AbortController()
      open.push({ close: () => abort.abort() })
      let opened = false
      fetch(url, { signal: abort.signal }).then(() => (opened = true), () => {})
      return { opened: () => opened }
    },
    EventSource: watch,
  }

  test.each(Object.entries(clients))('%s', async (_, ask) => {
    const silent = await serve([{ after: 'hold' }])
    const first = ask(silent.url)
    await vi.waitFor(async () => expect(await silent.requests()).toHaveLength(1))
    // Another answer, asked for later, is told of with its first byte: an engine that tells has told by then.
    for (let time = 0; time < 3; time++) {
      const second = ask((await serve([{ chunks: [utf8(':\n\n')], after: 'hold' }])).url)
      await vi.waitFor(() => expect(second.opened()).toBe(true))
    }
    await vi.waitFor(() => expect(first.opened()).toBe(here(tells)))
  })
})

describe('a cursor that is not ASCII', () => {
  const arrives: ByEngine<string> = { chromium: 'π-7', firefox: 'π-7', webkit: 'Ï\u0080-7' }

  test('in the header', async () => {
    const stream = await serve([{ chunks: [utf8(':\n\n')], after: 'hold' }])
    const { unsubscribe, getSnapshot } = createSSEClient().subscribe(stream.url, { lastEventId: 'π-7' })
    open.push({ close: unsubscribe })
    await vi.waitFor(() => expect(getSnapshot().status).toBe('open'))
    const [request] = await stream.requests()
    expect(fromUTF8(request?.headers['last-event-id'])).toBe(here(arrives))
  })
})

describe('the wait of EventSource', () => {
  /** The shortest of some waits, because a busy machine only makes them longer. */
  async function waits(retry: string, times: number) {
    const stream = await serve([{ chunks: [utf8(`${retry}data: 1\n\n`)] }])
    const source = new EventSource(stream.url)
    open.push(source)
    let shortest = Infinity
    for (let time = 0; time < times; time++) {
      await new Promise((resolve) => (source.onerror = resolve))
      const ended = performance.now()
      await new Promise((resolve) => (source.onopen = resolve))
      shortest = Math.min(shortest, performance.now() - ended)
    }
    return shortest
  }

  const byDefault: ByEngine<number> = { chromium: 3_000, firefox: 5_000, webkit: 3_000 }
  const least: ByEngine<number> = { chromium: 0, firefox: 500, webkit: 0 }

  test('by default', async () => {
    const ms = await waits('', 1)
    expect(ms).toBeGreaterThan(here(byDefault) - 100)
    expect(ms).toBeLessThan(here(byDefault) + 1_900)
  })

  test('with retry: 1', async () => {
    const ms = await waits('retry: 1\n', 5)
    expect(ms).toBeGreaterThan(here(least) - 20)
    expect(ms).toBeLessThan(here(least) + 300)
  })
})

test.each([
  ['fetch', fetchTransport()],
  ['fetch-event-source', fetchEventSourceTransport()],
])('a stream as a body, by %s over HTTP/1.1: unsupported, with the cure, and nothing is sent that was not meant', async (_, transport) => {
  const stream = await serve([{ chunks: [utf8('data: 1\n\n')], after: 'hold' }])
  const request = createSSERequest({ url: stream.url, transport, initial: 0, reduce: (count) => count + 1, body: new Blob(['a']).stream() })
  const error: unknown = await request.start().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/new Response\(stream\)\.blob\(\)|not supported/) })
  expect(await stream.requests()).toEqual([])
})
