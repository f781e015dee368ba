import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { describe, expect, it } from 'vitest'
import { runScript } from './script.js'

/** It tells of no bytes, so nobody can notice that they have stopped. */
const FETCH_EVENT_SOURCE = { transport: fetchEventSourceTransport, without: ['silence, the socket open'] }

/** So many scripts at a time: their waits overlap, their work does not. */
const AT_ONCE = 20

describe('random faults between a replaying server and its client: every id once, in order, and nothing left', () => {
  const batches = Array.from({ length: 4 }, (_, batch) => Array.from({ length: AT_ONCE }, (__, index) => 1 + batch * AT_ONCE + index))
  it.each(batches.map((seeds) => [seeds[0], seeds] as const))(
    'over fetch, from seed %i on',
    async (_, seeds) => {
      const results = await Promise.all(seeds.map((seed) => runScript(seed)))
      expect(results.filter(({ problems }) => problems.length > 0)).toEqual([])
      expect(results.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(AT_ONCE)
    },
    60_000,
  )

  it('over fetch-event-source', async () => {
    const seeds = Array.from({ length: AT_ONCE }, (_, index) => 1_001 + index)
    const results = await Promise.all(seeds.map((seed) => runScript(seed, FETCH_EVENT_SOURCE)))
    // The library reads a stream that was cut in the middle of an event as one that ended, and loses no event by that.
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([])
  }, 60_000)
})
