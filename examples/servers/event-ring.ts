import type { Logged } from './event-log.ts'

/** The newest events of a log, and who reads them. Places are counted from the log's first event. */
export interface EventRing<E> {
  push(event: Logged<E>): void
  /** How many events there ever were. */
  readonly count: number
  /** The place of the oldest that is still here. */
  readonly first: number
  readonly kept: readonly Logged<E>[]
  /** What comes from a place on. */
  readFrom(place: number, signal: AbortSignal): AsyncGenerator<Logged<E>, void>
  /** Resolves at the next change, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>
  /** Every reader has what is there, and then no more. */
  end(): void
  /** Every reader breaks off, after what it has read: what it was to read next is not there. */
  restart(): void
  readonly readers: number
  readonly waiting: number
}

/** @param size - how many events it keeps */
export function createEventRing<E extends object>(size: number): EventRing<E> {
  let kept: Logged<E>[] = []
  const asleep = new Set<() => void>()
  let [count, readers, life, ended] = [0, 0, 0, false]

  function wake() {
    for (const go of [...asleep]) go()
  }

  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        asleep.delete(go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      asleep.add(go)
      signal.addEventListener('abort', go)
      if (signal.aborted) go()
    })
  }

  async function* readFrom(place: number, signal: AbortSignal): AsyncGenerator<Logged<E>, void> {
    readers += 1
    const mine = life
    try {
      for (let next = place; !signal.aborted; ) {
        if (mine !== life) throw new Error('The log begins anew')
        const event = kept[next - (count - kept.length)]
        if (event) next += 1
        if (event) yield event
        // Its connection breaks, and the client comes back with an id that is too old.
        else if (next < count) throw new Error('This reader is so slow that what it is to read next is gone')
        else if (ended) return
        else await changed(signal)
      }
    } finally {
      readers -= 1
    }
  }

  return {
    push(event) {
      count += 1
      kept.push(event)
      if (kept.length > size) kept.shift()
      wake()
    },
    get count() {
      return count
    },
    get first() {
      return count - kept.length
    },
    get kept() {
      return kept
    },
    readFrom,
    changed,
    end() {
      ended = true
      wake()
    },
    restart() {
      kept = []
      count = 0
      life += 1
      wake()
    },
    get readers() {
      return readers
    },
    get waiting() {
      return asleep.size
    },
  }
}
