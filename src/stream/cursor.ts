/** The last event ID of a stream: sticky, never lost by an attempt that failed. */
export interface Cursor {
  /** What a request sends; `''` for none. */
  readonly value: string
  move(lastEventId: string): void
}

/** @param start - where readers want to start, as long as nothing came */
export function createCursor(start: () => string): Cursor {
  let moved: string | null = null
  return {
    get value() {
      return moved ?? start()
    },
    move(lastEventId) {
      moved = lastEventId
    },
  }
}
