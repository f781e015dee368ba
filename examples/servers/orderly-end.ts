import type { Server } from 'node:http'
import { once } from 'node:events'

/** So often it is looked whether a connection is idle, in ms. */
const LOOK_MS = 50

/**
 * Takes no new clients, tells those that it has when to come back, and waits until they have heard it. What a proxy keeps
 * open for its next request is closed: it would send that here for ever.
 *
 * @param log - ends every stream
 */
export async function endOrderly(server: Server, log: { end(): void }): Promise<void> {
  server.close()
  log.end()
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_MS)
  await once(server, 'close')
  clearInterval(looking)
}
