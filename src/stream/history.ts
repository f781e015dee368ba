/** The newest items, up to a bound. */
export interface History<T> {
  push(item: T): void
  /** Keeps this many from now on, and lets go of what is beyond. */
  bound(items: number): void
  /** Oldest first. */
  readonly toArray: () => readonly T[]
  clear(): void
}

/** Lets go of the oldest by as many as it keeps, so that `push` costs the same however many those are. */
export function createHistory<T>(): History<T> {
  let bound = 0
  let items: T[] = []
  const toArray = () => (bound > 0 ? items.slice(-bound) : [])
  return {
    push(item) {
      if (bound > 0 && items.push(item) >= 2 * bound) items = toArray()
    },
    bound(wanted) {
      if (wanted === bound) return
      items = items.slice(-Math.min(bound, wanted) || Infinity)
      bound = wanted
    },
    toArray,
    clear() {
      items = []
    },
  }
}
