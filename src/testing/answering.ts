import type { Clock } from 'eventwire/core'
import type { MockConnection } from './mock-interface.js'

/**
 * Sends events one after the other, and ends.
 *
 * @param clock - whose time `everyMs` is
 */
export function answering(connection: () => MockConnection, clock: Pick<Clock, 'setTimeout'>): MockConnection['answer'] {
  return async (events, { everyMs = 0 } = {}) => {
    const { open, send, sendBytes, end } = connection()
    open()
    for (const event of events) {
      if (everyMs > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, everyMs))
      if (connection().state !== 'open') return
      if (typeof event === 'string') sendBytes(`${event.replace(/^/gm, 'data: ')}\n\n`)
      else send(event)
    }
    end()
  }
}
