import type { Entry, Place } from './message.js'

/** So many events are kept for others, or UTF-16 code units of them. */
const KEPT = 512
const KEPT_TEXT = 1_048_576

/** Where a tab stands in the shared stream, and the last events before that: its ring. */
export interface Position extends Place {
  readonly ring: readonly Entry[]
  /** The next event was applied. */
  take(entry: Entry): void
  /** What came after a place; `null` where that is not known any more. */
  since(place: Place): readonly Entry[] | null
  /** The event with a number, where it is in the ring. */
  at(seq: number): Entry | undefined
  /** The same place is called otherwise from now on. */
  rename(lineage: string, seq: number): void
  /** What is in the ring counts no more. */
  forget(): void
  /** As a message has it. */
  place(): Place
}

export function createPosition(lastId: string): Position {
  let lineage = ''
  let seq = 0
  let ring: Entry[] = []
  let text = 0

  const position: Position = {
    get lineage() {
      return lineage
    },
    get seq() {
      return seq
    },
    get lastId() {
      return lastId
    },
    get ring() {
      return ring
    },
    take(entry) {
      seq++
      lastId = entry[2]
      ring.push(entry)
      text += sizeOf(entry)
      while (ring.length > KEPT || text > KEPT_TEXT) {
        const oldest = ring.shift()
        if (!oldest) break
        text -= sizeOf(oldest)
      }
    },
    since(place) {
      if (lineage !== '' && place.lineage === lineage) {
        const behind = seq - place.seq
        return behind <= 0 ? [] : behind <= ring.length ? ring.slice(-behind) : null
      }
      const ids = ring.map(([, , id]) => id)
      const index = ids.indexOf(place.lastId)
      if (index < 0) return place.lastId === lastId ? [] : null
      // Events without an id have the one before: which of them was the last is not known then.
      return ids.lastIndexOf(place.lastId) === index ? ring.slice(index + 1) : null
    },
    at: (number) => ring[ring.length - 1 - (seq - number)],
    rename(name, number) {
      lineage = name
      seq = number
    },
    forget() {
      ring = []
      text = 0
    },
    place: () => ({ lineage, seq, lastId }),
  }
  return position
}

function sizeOf([type, data, id]: Entry): number {
  return (type?.length ?? 0) + data.length + id.length
}

/** Whether two entries say the same. */
export function isSame(one: Entry, other: Entry): boolean {
  return one.every((part, index) => part === other[index])
}
