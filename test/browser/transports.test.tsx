import type { Transport } from 'eventwire/core'
import { fetchTransport } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { nativeTransport } from 'eventwire/native'
import { transportConformance } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cases } from '../conformance/cases.js'
import { cutAt } from '../conformance/parse.js'
import { readChunks } from '../transports/read-chunks.js'
import { here, type ByEngine } from './engine.js'
import { serve } from './serve.js'

// Native over streams without named types warns; test/transports/native.test.ts says when.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())
afterEach(() => void vi.restoreAllMocks())

const fetching = ['fetch', 'fetch-event-source']
const everywhere = [...fetching, 'native']

/** Checks that an engine fails, whatever we do: over which transports, and with what words. */
const FAILED: ByEngine<Readonly<Record<string, readonly [over: readonly string[], says: RegExp]>>> = {
  chromium: {},
  firefox: {
    'opens before anything arrives': [everywhere, /Waited .* for open/],
    'takes a content type with parameters': [everywhere, /Waited .* for open/],
    'takes a content type that ends a list': [fetching, /Waited .* for open/],
    'delivers an id without an event': [['native'], /"a"\]\], got \[\["message","1",""\]\]/],
    'delivers an id with NUL, which is none': [['native'], /, got \[\["message","1","a"\]\]/],
  },
  webkit: {
    'sends the cursor as UTF-8': [fetching, /Last-Event-ID: expected "π-7 ☕", got "Ï/],
    // In the middle of an event our parser tells it from an end all the same.
    'fails when the connection breaks': [fetching, /Waited .* for a failure.* end\]|got \{"code":"interrupted"/],
    'delivers a byte order mark': [['native'], /events, byte after byte: .*, got \[\]/],
  },
}

describe.each<[string, () => Transport]>([
  ['fetch', fetchTransport],
  ['fetch-event-source', fetchEventSourceTransport],
  ['native', nativeTransport],
])('%s conforms', (name, create) => {
  const checks = (timeoutMs?: number) =>
    transportConformance(create, { serve, reconnects: name === 'native', ...(timeoutMs && { timeoutMs }) })
  const failed = Object.entries(here(FAILED)).filter(([, [over]]) => over.includes(name))
  const named = (check: string) => checks(1_000).find((one) => one.name === check)
  test.each(checks().filter((check) => !failed.some(([one]) => one === check.name)))('$name', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )
  // One that passes after all is news about the engine.
  test.each(failed)('not in this engine: %s', (check, [, says]) => expect(named(check)?.run()).rejects.toThrow(says))
})

const types = new Set(cases.flatMap(({ events }) => events.map(({ type }) => type)))

/** What the browser's own EventSource makes of a stream, up to its end. */
async function readNatively(bytes: Uint8Array) {
  const { url } = await serve([{ chunks: [bytes] }])
  const source = new EventSource(url)
  const seen: object[] = []
  await new Promise<void>((resolve) => {
    for (const type of types)
      source.addEventListener(type, ({ data, lastEventId }) => seen.push({ type, data: String(data), lastEventId }))
    // It tells an end as it tells a break, and would ask again.
    source.onerror = () => resolve()
  })
  source.close()
  return seen
}

/**
 * Where the browser's own EventSource departs from the standard.
 *
 * Chromium: a line end right after a byte order mark ends no line, so that the line which follows has it at its start
 * and is no field. Firefox: NUL is dropped, an id without an event moves nothing. WebKit: reads UTF-16 that says so.
 */
const DEPARTED: ByEngine<readonly string[]> = {
  chromium: ['a BOM before a blank line'],
  firefox: [
    'NUL in data is data',
    'NUL in a type is type',
    'a line of one NUL is not blank',
    'NUL alone',
    'NUL first',
    'NUL last',
    'the id before it stays',
    'the id before it in the block stays',
    'the id after it counts',
    'without an event: the next one carries it',
    'without an event: an empty id still resets',
  ],
  webkit: ['bytes of UTF-16 are no lines', 'a BOM of UTF-16 is none'],
}

test('fetch delivers exactly what EventSource does, cut anywhere', async () => {
  const native = await Promise.all(cases.map(({ bytes }) => readNatively(bytes)))
  const departed: string[] = []
  for (const [index, { proves, name, bytes, events }] of cases.entries()) {
    const departs = JSON.stringify(native[index]) !== JSON.stringify(events)
    if (departs) departed.push(name)
    for (let split = 0; split <= bytes.length; split++) {
      const reading = await readChunks(fetchTransport, cutAt(bytes, [split]))
      expect(reading.events, `${proves} ${name}, split at ${split}`).toEqual(departs ? events : native[index])
    }
  }
  expect(departed).toEqual(here(DEPARTED))
})
