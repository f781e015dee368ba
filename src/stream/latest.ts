import type { SSEEvent } from '../protocol/event.js'

/** The types that are kept when nobody declared any, and the UTF-16 code units of their data. */
const TYPES = 256
const TEXT = 8 * 1024 * 1024

/** The newest event of each type. Where nobody declared types the one not seen for longest goes first. */
export interface Latest {
  put(event: SSEEvent): void
  toObject(): Readonly<Record<string, SSEEvent>>
  clear(): void
}

/** @param bounded - nobody declared the types: a server may name as many as it likes */
export function createLatest(bounded: boolean): Latest {
  let byType = new Map<string, SSEEvent>()
  let text = 0
  /** The type that was put last: while it stays the same, the order does. */
  let last = ''
  return {
    put(event) {
      const { type, raw } = event
      const before = byType.get(type)
      if (before) text -= before.raw.length
      if (type !== last) byType.delete(type)
      byType.set(type, event)
      last = type
      text += raw.length
      while (bounded && byType.size > 1 && (byType.size > TYPES || text > TEXT)) {
        const [[oldest, gone] = [type, event]] = byType
        byType.delete(oldest)
        text -= gone.raw.length
      }
    },
    toObject: () => Object.freeze(Object.fromEntries(byType)),
    clear() {
      byType = new Map()
      text = 0
      last = ''
    },
  }
}
