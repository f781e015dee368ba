import type { Resumption } from '../options/reader-options.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo } from '../protocol/transport.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'
import { fingerprint, numericId } from './fingerprint.js'

/** So many ids are remembered, with a fingerprint of their data, while someone vouches for what comes after a resume. */
const REMEMBERED = 64

/** Whether a stream that came back missed anything, as far as anyone knows. */
export interface Vouching {
  /** Someone vouched for the last resume. */
  readonly vouched: boolean
  /**
   * What an answer that resumes says.
   *
   * @param sent - the cursor that the request carried; `''` for none
   */
  resumed(info: OpenInfo, sent: string, replays: boolean | undefined): Resumption
  /** Looks at an event; `true` when it belies that there was no gap. */
  belied(raw: RawEvent): boolean
}

export function createVouching(): Vouching {
  /** What came belied the option once: it no longer counts. */
  let distrusted = false
  /** The cursor of the last resume that someone vouched for, until the first event with another id. */
  let above: string | null = null
  let vouched = false
  let seen = new Map<string, number>()
  let lastId = ''

  function tell(why: string): true {
    distrusted = true
    vouched = false
    above = null
    seen = new Map()
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production')
      warnOnce(`eventwire: the server does not replay from the cursor, though someone vouched for it: ${why}. Take out replays: true`)
    return true
  }

  function remember({ lastEventId, data }: RawEvent) {
    seen.set(lastEventId, fingerprint(data))
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED) break
      seen.delete(oldest)
    }
  }

  return {
    get vouched() {
      return vouched
    },
    resumed({ headers }, sent, replays) {
      const header = headers?.get('last-event-id') ?? null
      const said = header === null ? replays === true && !distrusted : header === sent || header === bytesOf(sent)
      vouched = sent !== '' && said
      above = vouched ? sent : null
      return { resumed: sent !== '', gapPossible: !vouched }
    },
    belied(raw) {
      const { lastEventId } = raw
      // An event without an id of its own carries the one before.
      if (lastEventId === '' || lastEventId === lastId) return false
      lastId = lastEventId
      if (above !== null && lastEventId !== above) {
        const [one, other] = [numericId(lastEventId), numericId(above)]
        if (one !== null && other !== null && one <= other) return tell(`after id ${other} came ${one}`)
        above = null
      }
      const before = seen.get(lastEventId)
      if (vouched && before !== undefined && before !== fingerprint(raw.data)) return tell('an id came again with other data')
      remember(raw)
      return false
    },
  }
}

/** A cursor as headers show it: its UTF-8 bytes, a character each. */
function bytesOf(cursor: string): string {
  return Array.from(new TextEncoder().encode(cursor), (byte) => String.fromCharCode(byte)).join('')
}
