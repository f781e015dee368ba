import type { EventLog } from './event-log.ts'
import { createClient } from 'redis'
import { createEventRing } from './event-ring.ts'

/** A log that lives in Redis: whichever instance a client comes back to, it goes on. */
export interface RedisLog<E> extends EventLog<E> {
  /** Lets go of Redis. */
  close(): Promise<void>
}

export interface RedisLogOptions {
  readonly url: string
  /** The stream's name in Redis. */
  readonly name: string
  /** How many events it keeps. */
  readonly size: number
}

/** So long one read of Redis waits for the next event, in ms. */
const BLOCK_MS = 5_000
/** So long before Redis is asked again that did not answer, in ms. */
const AGAIN_MS = 200

/**
 * Events in a Redis stream, trimmed by length. An instance has one reader that blocks, however many clients: it keeps the
 * newest events as Redis has them, and clients read those.
 *
 * Ids read `run-milliseconds-number`: `run` is the life of the stream in Redis. Where Redis has lost it, there is another,
 * and ids from before are known as such: their clients are told that they have to start over.
 */
export async function createRedisLog<E extends object>({ url, name, size }: RedisLogOptions): Promise<RedisLog<E>> {
  const commands = createClient({ url, disableOfflineQueue: true })
  // What blocks has a connection of its own.
  const blocking = createClient({ url })
  for (const client of [commands, blocking]) {
    // They connect again by themselves: what is under way meanwhile fails, and says so where it is awaited.
    client.on('error', () => {})
    await client.connect()
  }
  const ring = createEventRing<E>(size)
  const closing = new AbortController()
  let run = await runOf()
  /** As Redis has it: of the newest event that was read here. */
  let newest = '0-0'

  /** The life of the stream: who finds none begins one. */
  async function runOf(): Promise<string> {
    const key = `${name}:run`
    await commands.set(key, crypto.randomUUID().slice(0, 8), { condition: 'NX' })
    return (await commands.get(key)) ?? ''
  }

  /** Redis may have lost what there was: then everyone starts over. */
  async function lookAtRun(): Promise<void> {
    const now = await runOf()
    if (now === run) return
    run = now
    newest = '0-0'
    ring.restart()
  }

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const mine = run
        const found = await blocking.xRead({ key: name, id: newest }, { BLOCK: BLOCK_MS, COUNT: size })
        await lookAtRun()
        if (run !== mine) continue
        // A seam: one stream was asked for, in the form that `append` writes.
        const [stream] = (found ?? []) as { messages: { id: string; message: { event: string } }[] }[]
        for (const { id, message } of stream?.messages ?? []) {
          newest = id
          ring.push({ ...(JSON.parse(message.event) as E), id: `${run}-${id}` })
        }
      } catch {
        // Redis is away. Clients stay where they are.
        if (!closing.signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  }

  /** The place after an id; `null` for one that is not here. */
  function placeAfter(id: string): number | null {
    // Before there was any.
    if (id === `${run}-0-0`) return ring.first === 0 ? 0 : null
    const index = ring.kept.findIndex((event) => event.id === id)
    return index < 0 ? null : ring.first + index + 1
  }

  /** Waits until this instance has read what Redis has now: a client may have been with one that was ahead. */
  async function catchUp(): Promise<void> {
    const [last] = (await commands.xRevRange(name, '+', '-', { COUNT: 1 })) ?? []
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(BLOCK_MS)])
    while (last && isBefore(newest, last.id) && !signal.aborted) await ring.changed(signal)
  }

  // What is there already, before anyone reads.
  const following = follow()
  await catchUp()

  return {
    async append(event) {
      const id = await commands.xAdd(name, '*', { event: JSON.stringify(event) }, { TRIM: { strategy: 'MAXLEN', strategyModifier: '=', threshold: size } })
      return `${run}-${id}`
    },
    async reaches(id) {
      // Else who starts over would be given an id that is gone.
      await lookAtRun()
      if (id === '' || placeAfter(id) !== null) return true
      // Where Redis can't be asked, nobody can say: the client comes back.
      await catchUp()
      return placeAfter(id) !== null
    },
    read: (id, signal) => ring.readFrom(placeAfter(id) ?? ring.count, signal),
    get newest() {
      return `${run}-${newest}`
    },
    end: ring.end,
    get readers() {
      return ring.readers
    },
    get waiting() {
      return ring.waiting
    },
    async close() {
      closing.abort()
      blocking.destroy()
      await following
      await commands.close()
    },
  }
}

/** Redis counts within a millisecond. */
function isBefore(a: string, b: string): boolean {
  const [ms = 0, number = 0] = a.split('-').map(Number)
  const [otherMs = 0, otherNumber = 0] = b.split('-').map(Number)
  return ms < otherMs || (ms === otherMs && number < otherNumber)
}
