import type { RetryContext, Transport } from 'eventwire/core'
import { createSSEClient, fetchTransport } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { expect, inject, test } from 'vitest'

/** Every error and end is asked for again: whatever lies between, it is not for ever. */
const again = ({ delayMs }: RetryContext) => (delayMs === false ? 20 : Math.min(delayMs, 20))

interface World {
  readonly url: string
  readonly count: number
  readonly names: readonly string[]
}

const ask = async (path: string): Promise<unknown> => (await fetch(`${inject('origin')}${path}`)).json()

/** Reads through faults until all has come; says what came and what was to. */
async function script(seed: number, transport: Transport, options: object, without: readonly string[]) {
  const query = new URLSearchParams({ seed: String(seed), without: without.join('|'), by: `${inject('react')} ${transport.name}` })
  // A seam: the tests' own server says so.
  const { url, count, names } = (await ask(`/chaos?${query}`)) as World
  const client = createSSEClient({ retry: again, connectTimeout: 600, transport })
  const heard: [string, unknown][] = []
  await new Promise<void>((resolve) => {
    const leave = client.subscribe(url, {
      ...options,
      decode: 'text',
      types: ['named'],
      onMessage(data, { lastEventId }) {
        if (heard.push([lastEventId, data]) === count) {
          leave()
          resolve()
        }
      },
    })
  })
  const { expected, open } = (await ask(`/chaos/end?${query}`)) as { expected: unknown; open: number }
  return [{ seed, names, heard, open }, { seed, names, heard: expected, open: 0 }]
}

/** The faults of a script overlap with those of others: their waits do, their work does not. */
const SEEDS = Array.from({ length: 10 }, (_, index) => 300 + index)

test('over fetch: every id once and in order, and nothing left open', async () => {
  const results = await Promise.all(SEEDS.map((seed) => script(seed, fetchTransport(), { idleTimeout: 600 }, [])))
  for (const [got, wanted] of results) expect(got).toEqual(wanted)
}, 60_000)

/** Nobody notices that a stream has fallen silent where the transport tells of no byte. */
const UNSEEN = ['silence, the socket open']
/**
 * An EventSource that has given up takes its cursor along, and WebKit's joins half an event to what it reads next: with the
 * cursor in the URL every break is for a fresh one.
 */
const options = { lastEventIdParam: 'since' }

test('over native', async () => {
  const results = await Promise.all(SEEDS.slice(0, 5).map((seed) => script(seed, nativeTransport(), options, UNSEEN)))
  for (const [got, wanted] of results) expect(got).toEqual(wanted)
}, 60_000)
