import { createEventRing } from './event-ring.ts'

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
  /** Of the newest event: where who has read none yet begins. `''` where there are no ids. */
  readonly newest: string
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
  const ring = createEventRing<E>(size)

  /** How many events there were up to an id; `null` for an id of another log. */
  function numberOf(id: string): number | null {
    const digits = id.startsWith(`${run}-`) ? id.slice(run.length + 1) : ''
    return /^\d{1,15}$/.test(digits) && Number(digits) <= ring.count ? Number(digits) : null
  }

  return {
    async append(event) {
      const id = `${run}-${ring.count + 1}`
      ring.push({ ...event, id })
      return id
    },
    async reaches(id) {
      const number = numberOf(id)
      return id === '' || (number !== null && number >= ring.first)
    },
    // Where it begins is settled now, not when somebody asks for the first event.
    read: (id, signal) => ring.readFrom(numberOf(id) ?? ring.count, signal),
    get newest() {
      return `${run}-${ring.count}`
    },
    end: ring.end,
    get readers() {
      return ring.readers
    },
    get waiting() {
      return ring.waiting
    },
  }
}
