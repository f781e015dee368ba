import type { SSEEvent } from '../protocol/event.js'

/** What may wait for a slow loop: so many events, or so many UTF-16 code units of their data. Past it the server waits. */
const EVENTS = 1_024
const TEXT = 1024 * 1024
/** Where the transport can't make it wait, so many times as much; past it the stream fails rather than forget one. */
const UNPAUSED = 64

/** Events that wait to be read, the oldest first. */
export interface EventBuffer {
  push(event: SSEEvent): void
  shift(): SSEEvent | undefined
  clear(): void
  readonly empty: boolean
  /** The server is to wait. */
  readonly full: boolean
  /** Even without a server that waits this is too much. */
  readonly overflown: boolean
}

export function createEventBuffer(): EventBuffer {
  let events: SSEEvent[] = []
  /** What of it was read: shifting a long array costs its length. */
  let read = 0
  let text = 0
  const past = (times: number) => events.length - read >= EVENTS * times || text >= TEXT * times
  return {
    push(event) {
      events.push(event)
      text += event.raw.length
    },
    shift() {
      const event = events[read]
      if (!event) return undefined
      text -= event.raw.length
      read++
      if (read === events.length || read >= EVENTS) {
        events = events.slice(read)
        read = 0
      }
      return event
    },
    clear() {
      events = []
      read = text = 0
    },
    get empty() {
      return read === events.length
    },
    get full() {
      return past(1)
    },
    get overflown() {
      return past(UNPAUSED)
    },
  }
}

/** What overflows, in words. */
export const OVERFLOW = `More than ${EVENTS * UNPAUSED} events, or ${(TEXT * UNPAUSED) / 1024 / 1024} Mi characters of them, wait to be read: read faster, or use fetchTransport(), which can make the server wait`
