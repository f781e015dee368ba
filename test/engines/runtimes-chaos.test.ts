import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFaultProxy, FAULTS } from '../chaos/fault-proxy.ts'
import { createRandom } from '../chaos/random.ts'
import { serveEvents } from '../chaos/replaying-server.ts'
import { bundle, type Bundle } from './bundle.ts'
import { runIn, runtimes } from './run-in.ts'

const SCRIPTS = 20
let script: Bundle

beforeAll(async () => {
  script = await bundle(new URL('runtimes/chaos-client.ts', import.meta.url))
})
afterAll(() => script.remove())

/** A server that replays, and faults before it, at random. */
async function world(seed: number) {
  const random = createRandom(seed)
  const names = Array.from({ length: random.between(1, 8) }, () => random.pick(Object.keys(FAULTS)))
  const server = await serveEvents(random.between(100, 300), createRandom(seed + 1))
  const faults = names.map((name) => FAULTS[name] ?? (() => {}))
  return { seed, names, count: 100, server, proxy: await createFaultProxy(server.port, faults, createRandom(seed + 2)) }
}

describe.each(runtimes)('%s', (runtime) => {
  it(`${SCRIPTS} random scripts of faults: every id once and in order, and nothing left open`, async () => {
    const worlds = await Promise.all(Array.from({ length: SCRIPTS }, (_, index) => world(100 + index)))
    try {
      const args = worlds.flatMap(({ proxy, count }) => [`http://127.0.0.1:${proxy.port}/events`, String(count)])
      // A seam: the script says what came of each.
      const heard = (await runIn(runtime, script.path, args)) as [string, string][][]
      worlds.forEach(({ seed, names, server, count }, index) => {
        const expected = server.events.slice(0, count).map(({ id, data }) => [String(id), data])
        expect({ seed, names, heard: heard[index] }).toEqual({ seed, names, heard: expected })
      })
      await expect.poll(() => worlds.map(({ server }) => server.open).filter((open) => open > 0), { timeout: 10_000 }).toEqual([])
    } finally {
      for (const { proxy, server } of worlds) {
        proxy.close()
        server.close()
      }
    }
  }, 60_000)
})
