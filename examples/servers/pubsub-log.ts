import type { RedisLog } from './redis-log.ts'
import { createClient } from 'redis'
import { createEventRing } from './event-ring.ts'

/**
 * The plain form: what is published reaches who reads right now, on every instance, and is kept nowhere. Enough where the
 * next event says it all, as a price or a presence does, and who comes back asks for the state anew; its events have no
 * ids, so that every resume is told as a gap.
 *
 * @param channel - `events:<userId>`, say: who reads one hears no other
 */
export async function createPubSubLog<E extends object>(url: string, channel: string): Promise<RedisLog<E>> {
  const commands = createClient({ url, disableOfflineQueue: true })
  // Who subscribes can do nothing else.
  const subscriber = createClient({ url })
  for (const client of [commands, subscriber]) {
    client.on('error', () => {})
    await client.connect()
  }
  // For who is a moment behind.
  const ring = createEventRing<E>(1_000)
  // A seam: in the form that `append` writes.
  await subscriber.subscribe(channel, (text) => ring.push({ ...(JSON.parse(text) as E), id: '' }))

  return {
    async append(event) {
      await commands.publish(channel, JSON.stringify(event))
      return ''
    },
    reaches: async (id) => id === '',
    read: (_, signal) => ring.readFrom(ring.count, signal),
    newest: '',
    end: ring.end,
    get readers() {
      return ring.readers
    },
    get waiting() {
      return ring.waiting
    },
    async close() {
      subscriber.destroy()
      await commands.close()
    },
  }
}
