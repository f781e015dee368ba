import type { Clock } from '../protocol/clock.js'
import type { Page } from '../protocol/page.js'
import type { Transport } from '../protocol/transport.js'
import { clockOfNow } from '../protocol/clock.js'

/** Time, page and network, as far as a client knows of them. */
export interface World {
  readonly clock: Clock
  readonly page: Page
  /** What carries an attempt in place of the transport that was asked for. */
  carry(transport: Transport): Transport
}

/** A world that can be exchanged for another under those who live in it. */
export interface LendableWorld extends World {
  /** From now on it is this one; `null`: the client's own. */
  lend(world: World | null): void
}

export function createWorld(own: World): LendableWorld {
  let world = own
  return {
    clock: clockOfNow(() => world.clock),
    page: {
      get visible() {
        return world.page.visible
      },
      get online() {
        return world.page.online
      },
      get frozen() {
        return world.page.frozen
      },
      subscribe: (listener) => world.page.subscribe(listener),
    },
    carry: (transport) => world.carry(transport),
    lend: (lent) => void (world = lent ?? own),
  }
}
