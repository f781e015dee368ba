import type { FaultProxy } from './fault-proxy.js'
import type { ReplayingServer } from './replaying-server.js'
import { createFaultProxy, FAULTS } from './fault-proxy.js'
import { createRandom } from './random.js'
import { serveEvents } from './replaying-server.js'

/** A server that replays, and faults before it, at random: what a client elsewhere is put into. */
export interface World {
  readonly seed: number
  readonly names: readonly string[]
  /** How many events it is asked for. */
  readonly count: number
  readonly url: string
  readonly server: ReplayingServer
  readonly proxy: FaultProxy
  close(): void
}

/** @param without - faults that the client can't survive */
export async function createWorld(seed: number, without: readonly string[] = []): Promise<World> {
  const random = createRandom(seed)
  const known = Object.keys(FAULTS).filter((name) => !without.includes(name))
  const names = Array.from({ length: random.between(1, 8) }, () => random.pick(known))
  const server = await serveEvents(random.between(100, 300), createRandom(seed + 1))
  const faults = names.map((name) => FAULTS[name] ?? (() => {}))
  const proxy = await createFaultProxy(server.port, faults, createRandom(seed + 2))
  return {
    seed,
    names,
    count: 100,
    url: `http://127.0.0.1:${proxy.port}/events`,
    server,
    proxy,
    close() {
      proxy.close()
      server.close()
    },
  }
}
