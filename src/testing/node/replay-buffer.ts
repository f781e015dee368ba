import type { WireEvent } from '../../protocol/format-event.js'

/** The last events that were sent to everyone. */
export interface ReplayBuffer {
  /** Keeps an event, with an id of its own if it has data and none. */
  add(event: WireEvent): WireEvent
  /** What came after an id: nothing for `''`, all that is kept for an id that is not. */
  after(lastEventId: string): readonly WireEvent[]
}

/** @param size - how many to keep */
export function createReplayBuffer(size: number): ReplayBuffer {
  let kept: WireEvent[] = []
  let serial = 0
  return {
    add(event) {
      if (size === 0 || event.data === undefined) return event
      const numbered = { ...event, id: event.id ?? String(++serial) }
      kept = [...kept, numbered].slice(-size)
      return numbered
    },
    after(lastEventId) {
      return lastEventId === '' ? [] : kept.slice(kept.findIndex(({ id }) => id === lastEventId) + 1)
    },
  }
}
