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
  /** What was put last, and is not among the others yet: most events have the type of the one before. */
  let newest: SSEEvent | null = null

  /** Puts what came last at the end, and lets go of what is too much. */
  function settle() {
    if (!newest) return
    const { type, raw } = newest
    const before = byType.get(type)
    if (before) text -= before.raw.length
    byType.delete(type)
    byType.set(type, newest)
    text += raw.length
    while (bounded && byType.size > 1 && (byType.size > TYPES || text > TEXT)) {
      const [[oldest, gone] = [type, newest]] = byType
      byType.delete(oldest)
      text -= gone.raw.length
    }
    newest = null
  }

  return {
    put(event) {
      if (newest && newest.type !== event.type) settle()
      newest = event
    },
    toObject() {
      settle()
      return Object.freeze(Object.fromEntries(byType))
    },
    clear() {
      byType = new Map()
      text = 0
      newest = null
    },
  }
}
