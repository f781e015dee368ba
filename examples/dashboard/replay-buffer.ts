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
  /** The id of the newest event; before the first, one that the first comes after. */
  readonly lastId: string
  append(type: string, data: string, at: number): SentEvent
  /** What came after `lastEventId`, oldest first; `null` when that can not be told, or some of it is gone. */
  after(lastEventId: string): SentEvent[] | null
  /** The events published after `time` (epoch ms). */
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
    get lastId() {
      return `${run}-${count}`
    },
    append(type, data, at) {
      const event = { id: `${run}-${++count}`, type, data, at }
      events.push(event)
      if (events.length > size) events.shift()
      return event
    },
    after(lastEventId) {
      if (!lastEventId.startsWith(`${run}-`)) return null
      const seen = lastEventId.slice(run.length + 1)
      const missing = count - Number(seen)
      if (!/^\d+$/.test(seen) || missing < 0 || missing > events.length) return null
      return events.slice(events.length - missing)
    },
    since: (time) => events.filter((event) => event.at > time),
  }
}
