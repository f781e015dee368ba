/** The newest items, up to a bound that may grow. */
export interface History<T> {
  push(item: T): void
  /** Keep at least this many from now on. */
  readonly reserve: (bound: number) => void
  /** Oldest first. */
  readonly toArray: () => readonly T[]
  clear(): void
}

/** Lets go of the oldest by as many as it keeps, so that `push` costs the same however many those are. */
export function createHistory<T>(): History<T> {
  let bound = 0
  let items: T[] = []
  const toArray = () => items.slice(-bound || Infinity)
  return {
    push(item) {
      if (items.push(item) >= 2 * bound) items = toArray()
    },
    reserve(wanted) {
      if (wanted <= bound) return
      items = toArray()
      bound = wanted
    },
    toArray,
    clear() {
      items = []
    },
  }
}
