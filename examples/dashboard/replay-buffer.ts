/** One event as it was sent: the same id and data go to whoever reads it, now or on a replay. */
export interface SentEvent {
  readonly id: string
  readonly type: string
  readonly data: string
  /** When it was published, in epoch ms. */
  readonly at: number
}

/** The newest events, for clients that come back with a `Last-Event-ID`. */
export interface ReplayBuffer {
  append(type: string, data: string, at: number): SentEvent
  /** The buffered events after `lastEventId`, oldest first, and how many in between are gone from the buffer. */
  after(lastEventId: string): { events: SentEvent[]; missed: number }
  /** The events published at or after `time` (epoch ms). */
  since(time: number): SentEvent[]
}

/**
 * Keeps the newest `size` events. Ids read `run-1`, `run-2`, …: `run` tells one run of the server from the next,
 * so an id from before a restart is known as such instead of being taken for an event of this run.
 */
export function createReplayBuffer(size: number, run: string): ReplayBuffer {
  const events: SentEvent[] = []
  let count = 0

  return {
    append(type, data, at) {
      const event = { id: `${run}-${++count}`, type, data, at }
      events.push(event)
      if (events.length > size) events.shift()
      return event
    },
    after(lastEventId) {
      const seen = countSeen(lastEventId, run, count)
      const oldest = count - events.length
      return { events: events.slice(Math.max(0, seen - oldest)), missed: Math.max(0, oldest - seen) }
    },
    since: (time) => events.filter((event) => event.at >= time),
  }
}

/** How many events of this run a client has seen; none when its cursor comes from another run or from nowhere. */
function countSeen(lastEventId: string, run: string, count: number): number {
  if (!lastEventId.startsWith(`${run}-`)) return 0
  const seen = lastEventId.slice(run.length + 1)
  return /^\d+$/.test(seen) && Number(seen) <= count ? Number(seen) : 0
}
