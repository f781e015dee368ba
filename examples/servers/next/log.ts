import type { Log } from '../stream.ts'
import { createEventLog } from '../event-log.ts'
import { KEPT } from '../stream.ts'

/** Every route is a bundle of its own: what they share is on the global object. */
const shared = globalThis as { eventLog?: Log } // a seam: nobody else names a property so

export const log: Log = (shared.eventLog ??= createEventLog(KEPT))
