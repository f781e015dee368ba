import type { RawEvent, SSEEvent } from '../protocol/event.js'
import type { Reader } from './listeners.js'
import type { EventMap } from './reader.js'
import type { SSESnapshot } from './snapshot.js'
import { SSEError } from '../protocol/errors.js'
import { decode } from './decode.js'
import { warnOnce } from './development.js'
import { createHistory } from './history.js'
import { deliver, guarded } from './listeners.js'
import { distance } from './misuse.js'
import { IDLE_SNAPSHOT } from './snapshot.js'

/** The types that `latest` keeps when nobody declared any; the one not seen for longest goes first. */
const LATEST_BOUND = 256

/** What a snapshot takes from the stream. */
export type StreamFacts = Pick<
  SSESnapshot,
  'status' | 'error' | 'attempt' | 'retryAt' | 'reconnectReason' | 'lastEventId'
>

/** A stream as one set of decoders sees it. Its readers differ only in what they keep and in their callbacks. */
export interface View {
  readonly readers: Set<Reader>
  /** Keeps at least so many events of history from now on, decoded as this reader does while nobody reads. */
  reserve(history: number, reader: Reader): void
  /** Decodes and delivers one event; false when no snapshot changes by it. */
  receive(raw: RawEvent, seq: number, receivedAt: number): boolean
  /** Makes what has been received what `read` gives. */
  publish(facts: StreamFacts): void
  /** The published snapshot, with so much history, and with or without errors of single events. */
  read(history: number, report: boolean): SSESnapshot
  /** The events kept right now, published or not. */
  readonly events: () => readonly SSEEvent[]
  /** Forgets the error of an event that could not be decoded. */
  forgive(): void
  clear(): void
}

/** @param finish - called when a reader's `until` matched */
export function createView(finish: (reader: Reader) => void): View {
  const readers = new Set<Reader>()
  /** How to decode while the stream lingers, for whoever comes back. */
  let last: Reader | undefined
  const history = createHistory<SSEEvent>()
  let latest = new Map<string, SSEEvent>()
  let lastEvent: SSEEvent | null = null
  let invalid: SSEError | null = null
  let published: SSESnapshot = IDLE_SNAPSHOT
  let publishedInvalid: SSEError | null = null
  /** What has been read of `published`, by what readers ask for. */
  let variants = new Map<string, SSESnapshot>()

  return {
    readers,
    reserve(count, reader) {
      last = reader
      history.reserve(count)
    },
    events: history.toArray,
    receive(raw, seq, receivedAt) {
      const { type, data, lastEventId } = raw
      for (const reader of readers.size > 0 || !last ? readers : [last]) {
        const { until } = reader.settings
        if (until && guarded(reader.settings, () => until({ type, raw: data, lastEventId }))) finish(reader)
      }
      // All agree on decoders; one with `until` reads alone.
      const [first = last] = readers
      if (!first || first.done || (readers.size > 0 && !first.active)) return false
      last = first
      const { events, decode: decoder } = first.settings
      if (events && !Object.hasOwn(events, type)) {
        if (process.env.NODE_ENV !== 'production') warnOfTypo(type, events, [first, ...readers])
        deliver(readers, 'onUndeclared', raw)
        return false
      }

      const listening = [...readers].filter(({ listen }) => !listen || listen.includes(type))
      try {
        lastEvent = { type, data: decode(events ? events[type] : decoder, raw), raw: data, lastEventId, receivedAt, seq }
      } catch (error) {
        if (!(error instanceof SSEError)) throw error
        invalid = error
        deliver(
          listening.filter(({ settings }) => settings.onInvalid !== 'drop'),
          'onError',
          error,
        )
        return true
      }
      history.push(lastEvent)
      latest.delete(type)
      latest.set(type, lastEvent)
      if (latest.size > LATEST_BOUND && !events) {
        const [oldest = ''] = latest.keys()
        latest.delete(oldest)
      }
      deliver(listening, 'onMessage', lastEvent.data, lastEvent)
      return true
    },
    publish(facts) {
      published = {
        ...facts,
        isConnected: facts.status === 'open',
        data: lastEvent && lastEvent.data,
        lastEvent,
        latest: Object.freeze(Object.fromEntries(latest)),
        history: history.toArray(),
      }
      publishedInvalid = invalid
      variants = new Map()
    },
    read(keep, withInvalid) {
      const name = `${keep} ${withInvalid}`
      let variant = variants.get(name)
      if (!variant) {
        const error = published.error ?? (withInvalid ? publishedInvalid : null)
        const kept = Object.freeze(published.history.slice(-keep || Infinity))
        variants.set(name, (variant = Object.freeze({ ...published, history: kept, error })))
      }
      return variant
    },
    forgive() {
      invalid = null
    },
    clear() {
      lastEvent = invalid = null
      latest = new Map()
      history.clear()
    },
  }
}

function warnOfTypo(type: string, events: EventMap, readers: Iterable<Reader>): void {
  const near = Object.keys(events).find((declared) => distance(declared, type) < 3)
  if (near && ![...readers].some((reader) => reader.settings.onUndeclared))
    warnOnce(`eventwire: an event of type '${type}' came, which is not declared. Did you mean '${near}'?`)
}
