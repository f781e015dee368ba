import type { RawEvent } from '../protocol/event.js'
import { boundOf } from '../options/number.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'
import { fingerprint, numericId } from './fingerprint.js'

/** Drops what a server sends a second time. */
export interface Dedupe {
  /**
   * Whether an event came before.
   *
   * @param recent - how many recent ids to remember; `undefined`: none
   */
  repeated(raw: RawEvent, recent: number | undefined): boolean
  /** The stream is open again: what comes next may be the event of the cursor once more. */
  opened(): void
}

/**
 * Ids name events only within what one server numbers. One that begins its ids anew with each connection would have new
 * events dropped: an id that comes with other data, or a count that begins again, switches it off.
 */
export function createDedupe(): Dedupe {
  const seen = new Map<string, number>()
  /** The event that came before, dropped or not. */
  let last: RawEvent | null = null
  let justOpened = false
  let off = false

  function switchOff(why: string): false {
    off = true
    seen.clear()
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production')
      warnOnce(`eventwire: dedupe is switched off: ${why}, so an id does not name an event here`)
    return false
  }

  /** A number below all that are remembered: the count began again. */
  function beganAgain(id: string): boolean {
    const number = numericId(id)
    if (number === null || seen.size === 0) return false
    // The first that is not above it says so: to walk all of them for each event would cost their number.
    for (const known of seen.keys()) {
      const other = numericId(known)
      if (other === null || number >= other) return false
    }
    return true
  }

  /** An event without an id of its own carries the one before, and can't be told from it but right after an open. */
  function carriesNoId(raw: RawEvent, first: boolean): boolean {
    if (raw.lastEventId === '') return true
    return raw.lastEventId === last?.lastEventId && !(first && raw.type === last.type && raw.data === last.data)
  }

  return {
    opened() {
      justOpened = true
    },
    repeated(raw, recent) {
      const bound = boundOf(recent)
      if (off || bound === 0) return false
      const first = justOpened
      justOpened = false
      const own = !carriesNoId(raw, first)
      last = raw
      if (!own) return false
      const id = raw.lastEventId
      const before = seen.get(id)
      const now = fingerprint(raw.data)
      if (before !== undefined) return before === now || switchOff(`id '${id}' came again with other data`)
      if (beganAgain(id)) return switchOff('the count of ids began again')
      seen.set(id, now)
      for (const oldest of seen.keys()) {
        if (seen.size <= bound) break
        seen.delete(oldest)
      }
      return false
    },
  }
}
