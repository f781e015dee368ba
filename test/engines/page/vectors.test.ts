import { fetchTransport } from 'eventwire/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serve } from '../../browser/serve.js'
import { cases } from '../../conformance/cases.js'
import { cutAt, parse } from '../../conformance/parse.js'
import { readStream } from '../../transports/read-chunks.js'

const bytewise = (bytes: Uint8Array) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))

// Development warns of an answer without a line of an event stream: some of these are such.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())
afterEach(() => void vi.restoreAllMocks())

test.each(cases)('$proves $name', async ({ bytes, events, retries, comments, lastEventId }) => {
  const parsed = { events, retries, comments, lastEventId }
  for (let split = 0; split <= bytes.length; split++)
    expect(parse(cutAt(bytes, [split])), `split at ${split}`).toMatchObject(parsed)

  for (const chunks of [[bytes], ...(bytes.length < 1_000 ? [bytewise(bytes)] : [])]) {
    const { url } = await serve([{ chunks }])
    const reading = await readStream(fetchTransport(), url)
    expect(reading, `fetched in ${chunks.length}`).toEqual({ events, retries, lastEventId })
  }
})
