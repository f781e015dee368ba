import type { Transport } from 'eventwire/core'
import { fetchTransport } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { nativeTransport } from 'eventwire/native'
import { transportConformance } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cases } from '../conformance/cases.js'
import { cutAt } from '../conformance/parse.js'
import { readChunks } from '../transports/read-chunks.js'
import { serve } from './serve.js'

// Native over streams without named types warns; test/transports/native.test.ts says when.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())
afterEach(() => void vi.restoreAllMocks())

describe.each<[string, () => Transport]>([
  ['fetch', fetchTransport],
  ['fetch-event-source', fetchEventSourceTransport],
  ['native', nativeTransport],
])('%s conforms', (name, create) => {
  const checks = transportConformance(create, { serve, reconnects: name === 'native' })
  for (const { name: check, run } of checks) test(check, () => expect(run()).resolves.toBeUndefined())
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
 * Where Chromium's EventSource itself departs from the standard: a line end right after a byte order mark ends no line,
 * so that the line which follows has it at its start and is no field. Seen in Chromium 153.
 */
const CHROMIUM_DEPARTS = ['a BOM before a blank line']

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
  expect(departed).toEqual(CHROMIUM_DEPARTS)
})
