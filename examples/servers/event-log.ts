/** An event with the id that it is found by. */
export type Logged<E> = E & { readonly id: string }

/** The newest events, in order, for any number of readers. Another that keeps them elsewhere has the same four methods. */
export interface EventLog<E> {
  /** Gives the event's id. */
  append(event: E): Promise<string>
  /** Whether everything after this id is still here; `''` asks for nothing. */
  reaches(id: string): Promise<boolean>
  /** What comes after an id; after `''`, what comes from now on. Ends with the log, and when `signal` aborts. */
  read(id: string, signal: AbortSignal): AsyncIterable<Logged<E>>
  /** Ends every reader, after what it has not read yet. */
  end(): void
  /** How many read it, and how many of those wait. */
  readonly readers: number
  readonly waiting: number
}

/**
 * A log in memory, of one process. Its ids read `run-1`, `run-2`, …: `run` tells one life of the server from the next, so
 * that an id from before a restart is known as such.
 *
 * @param size - how many events it keeps
 */
export function createEventLog<E extends object>(size: number): EventLog<E> {
  const run = crypto.randomUUID().slice(0, 8)
  const kept: Logged<E>[] = []
  const waiting = new Set<() => void>()
  let [count, readers, ended] = [0, 0, false]

  /** How many events there were up to an id; `null` for an id of another log. */
  function numberOf(id: string): number | null {
    const digits = id.startsWith(`${run}-`) ? id.slice(run.length + 1) : ''
    return /^\d{1,15}$/.test(digits) && Number(digits) <= count ? Number(digits) : null
  }

  function wake() {
    for (const go of [...waiting]) go()
  }

  /** Resolves at the next event, at the log's end, or when the reader leaves. */
  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        waiting.delete(go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      waiting.add(go)
      signal.addEventListener('abort', go)
      if (signal.aborted) go()
    })
  }

  async function* readFrom(start: number, signal: AbortSignal): AsyncGenerator<Logged<E>, void> {
    readers += 1
    try {
      for (let next = start; !signal.aborted; ) {
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
    async append(event) {
      const id = `${run}-${++count}`
      kept.push({ ...event, id })
      if (kept.length > size) kept.shift()
      wake()
      return id
    },
    async reaches(id) {
      const number = numberOf(id)
      return id === '' || (number !== null && number >= count - kept.length)
    },
    // Where it begins is settled now, not when somebody asks for the first event.
    read: (id, signal) => readFrom(numberOf(id) ?? count, signal),
    end() {
      ended = true
      wake()
    },
    get readers() {
      return readers
    },
    get waiting() {
      return waiting.size
    },
  }
}
