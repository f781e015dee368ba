import type { RawEvent } from '../../src/protocol/event.js'

/** One stream and what it means. Pure data: the same cases go through parsers, transports and browsers. */
export interface ConformanceCase {
  /** Unique among all cases. */
  readonly name: string
  /** The sentence of WHATWG HTML §9.2 that it proves, or where the sample comes from. */
  readonly proves: string
  readonly bytes: Uint8Array
  readonly events: readonly RawEvent[]
  /** Reconnection times in ms, in order. */
  readonly retries: readonly number[]
  /** Comments, after the colon and one space. */
  readonly comments: readonly string[]
  /** The last event ID when the stream has ended. */
  readonly lastEventId: string
}

/** What a case expects beside its events; the last event ID is the last event's unless told. */
interface Beside {
  retries?: readonly number[]
  comments?: readonly string[]
  lastEventId?: string
}

/** Text as UTF-8, and single bytes as they are. */
export function wire(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const encoder = new TextEncoder()
  const bytes = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : Uint8Array.from(part)))
  const joined = new Uint8Array(bytes.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of bytes) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A `message` event, or one of another type. */
export function event(data: string, lastEventId = '', type = 'message'): RawEvent {
  return { type, data, lastEventId }
}

/** Gathers the cases that prove one sentence. */
export function proves(sentence: string, ...cases: readonly Omit<ConformanceCase, 'proves'>[]): ConformanceCase[] {
  return cases.map((one) => ({ ...one, proves: sentence }))
}

/** One case. */
export function stream(
  name: string,
  content: string | Uint8Array,
  events: readonly RawEvent[],
  { retries = [], comments = [], lastEventId = events.at(-1)?.lastEventId ?? '' }: Beside = {},
): Omit<ConformanceCase, 'proves'> {
  const bytes = typeof content === 'string' ? wire(content) : content
  return { name, bytes, events, retries, comments, lastEventId }
}
