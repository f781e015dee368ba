import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld } from '../chaos/world.ts'
import { bundle, type Bundle } from './bundle.ts'
import { runIn, runtimes } from './run-in.ts'

const SCRIPTS = 20
let script: Bundle

beforeAll(async () => {
  script = await bundle(new URL('runtimes/chaos-client.ts', import.meta.url))
})
afterAll(() => script.remove())

describe.each(runtimes)('%s', (runtime) => {
  it(`${SCRIPTS} random scripts of faults: every id once and in order, and nothing left open`, async () => {
    const worlds = await Promise.all(Array.from({ length: SCRIPTS }, (_, index) => createWorld(100 + index)))
    try {
      const args = worlds.flatMap(({ url, count }) => [url, String(count)])
      // A seam: the script says what came of each.
      const heard = (await runIn(runtime, script.path, args)) as [string, string][][]
      worlds.forEach(({ seed, names, server, count }, index) => {
        const expected = server.events.slice(0, count).map(({ id, data }) => [String(id), data])
        expect({ seed, names, heard: heard[index] }).toEqual({ seed, names, heard: expected })
      })
      await expect.poll(() => worlds.map(({ server }) => server.open).filter((open) => open > 0), { timeout: 10_000 }).toEqual([])
    } finally {
      for (const { close } of worlds) close()
    }
  }, 60_000)
})
