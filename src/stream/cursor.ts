/** The last event ID of a stream: sticky, never lost by an attempt that failed. */
export interface Cursor {
  /** What a request sends; `''` for none. */
  readonly value: string
  /** Whether events have moved it, or someone reset it: an option that says where to start comes too late then. */
  readonly moved: boolean
  move(lastEventId: string): void
}

/** @param start - where readers want to start, as long as nothing came */
export function createCursor(start: () => string): Cursor {
  let moved: string | null = null
  return {
    get value() {
      return moved ?? start()
    },
    get moved() {
      return moved !== null
    },
    move(lastEventId) {
      moved = lastEventId
    },
  }
}
