import type { PersistOptions } from '../options/persist-options.js'
import type { SSEEvent } from '../protocol/event.js'
import type { Keep } from './readers.js'

/** The largest record, in UTF-16 code units, unless the user says otherwise. */
const MAX_RECORD = 1_048_576
/** Another form of records is another number: what an older one wrote is as nothing then. */
const FORM = 1

/** An event as it came, when it came, and whether it was part of the history. */
type StoredEvent = readonly [type: string, data: string, lastEventId: string, receivedAt: number, inHistory: boolean]

/** What is kept of a stream, written at once: all of it is of one moment. */
export interface PersistRecord {
  readonly form: typeof FORM
  readonly version: string | number | undefined
  /** Whose it is: no other stream may read it. */
  readonly identity: string
  readonly at: number
  readonly cursor: string
  readonly events: readonly StoredEvent[]
  /** By name: the cursor that the state was folded to, and the state as JSON. */
  readonly states: Readonly<Record<string, readonly [cursor: string, json: string]>>
}

/** A reducer's state, up to a cursor and a count of events. */
export interface StoredState {
  readonly cursor: string
  readonly events: number
  readonly json: string
  /** Who has it. */
  readonly keep: Keep | null
}

/** An event to be shown again. */
export interface KeptEvent {
  readonly event: Omit<SSEEvent, 'data'>
  readonly inHistory: boolean
}

/** The record that a text is; `null` for one that is unreadable, another's or too old. */
export function readRecord(text: unknown, { version, maxAgeMs }: PersistOptions, identity: string, now: number): PersistRecord | null {
  try {
    const record: unknown = JSON.parse(isText(text) ? text : 'null')
    if (!isWhole(record) || record.version !== version || record.identity !== identity) return null
    return maxAgeMs !== undefined && now - record.at > maxAgeMs ? null : record
  } catch {
    return null
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Someone else may have written there, or a part of it may be lost: what is not whole is as nothing. */
function isWhole(value: unknown): value is PersistRecord {
  // A seam: each member is looked at below.
  const { form, cursor, at, events, states } = value as { readonly [K in keyof PersistRecord]?: unknown }
  return (
    form === FORM &&
    isText(cursor) &&
    typeof at === 'number' &&
    Array.isArray(events) &&
    events.every(([type, data, id, receivedAt]) => [type, data, id].every(isText) && typeof receivedAt === 'number') &&
    Object.values(states as object).every(([upTo, json]) => isText(upTo) && isText(json) && JSON.parse(json) !== undefined)
  )
}

/** The events of a record, oldest first: they count up to 0, so that none that comes is older. */
export function eventsOf({ events }: PersistRecord): KeptEvent[] {
  return events.map(([type, raw, lastEventId, receivedAt, inHistory], index) => ({
    event: { type, raw, lastEventId, receivedAt, seq: index + 1 - events.length },
    inHistory,
  }))
}

/** What a record is made of. */
interface Kept extends Pick<PersistRecord, 'identity' | 'at' | 'cursor'> {
  /** An event may be there more than once. */
  readonly kept: Iterable<KeptEvent>
  readonly states: ReadonlyMap<string, StoredState>
}

/** A record as text; `null` where there is nothing to keep, `undefined` where it would be too large without any event. */
export function composeRecord({ version, maxBytes = MAX_RECORD }: PersistOptions, { kept, states, ...facts }: Kept): string | null | undefined {
  const bySeq = new Map<number, StoredEvent>()
  for (const { event, inHistory } of kept) {
    const { type, raw, lastEventId, receivedAt, seq } = event
    bySeq.set(seq, [type, raw, lastEventId, receivedAt, inHistory || bySeq.get(seq)?.[4] === true])
  }
  let events = [...bySeq].sort(([a], [b]) => a - b).map(([, event]) => event)
  if (facts.cursor === '' && events.length === 0 && states.size === 0) return null
  const parts = { form: FORM, version, ...facts, states: Object.fromEntries([...states].map(([name, { cursor, json }]) => [name, [cursor, json]])) }
  for (;;) {
    const text = JSON.stringify({ ...parts, events })
    if (text.length <= maxBytes) return text
    if (events.length === 0) return undefined
    // The oldest go first, as a bounded history lets go of them.
    events = events.slice(Math.ceil(events.length / 2))
  }
}

/** Tells texts apart without keeping them: an identity may hold what is nobody's business. */
export function hashOf(text: string): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 2_654_435_761)
    other = Math.imul(other ^ code, 1_597_334_677)
  }
  return `${(one >>> 0).toString(36)}${(other >>> 0).toString(36)}`
}
