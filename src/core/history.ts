/** The newest items, up to a bound that may grow. */
export interface History<T> {
  push(item: T): void
  /** Keep at least this many from now on. */
  readonly reserve: (bound: number) => void
  /** Oldest first. */
  readonly toArray: () => readonly T[]
  clear(): void
}

/** A ring: `push` costs the same however many are kept. */
export function createHistory<T>(): History<T> {
  let bound = 0
  let ring: T[] = []
  let oldest = 0
  const toArray = (): T[] => [...ring.slice(oldest), ...ring.slice(0, oldest)]
  return {
    push(item) {
      if (ring.length < bound) ring.push(item)
      else if (bound > 0) {
        ring[oldest] = item
        oldest = (oldest + 1) % bound
      }
    },
    reserve(wanted) {
      if (wanted <= bound) return
      ring = toArray()
      oldest = 0
      bound = wanted
    },
    toArray,
    clear() {
      ring = []
      oldest = 0
    },
  }
}
