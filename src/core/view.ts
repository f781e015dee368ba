import type { RawEvent, SSEEvent } from '../protocol/event.js'
import type { Reader } from './listeners.js'
import type { Report } from './reader.js'
import type { Settings } from './source.js'
import type { SSESnapshot } from './snapshot.js'
import { SSEError } from '../protocol/errors.js'
import { decode } from './decode.js'
import { warnOnce } from './development.js'
import { createHistory } from './history.js'
import { deliver, guarded, reportOf } from './listeners.js'
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
  /** Keep at least this many events of history from now on. */
  reserve(history: number): void
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

/**
 * @param report - where errors of users' functions go
 * @param finish - called when a reader's `until` matched
 */
export function createView(report: Report, finish: (reader: Reader) => void): View {
  const readers = new Set<Reader>()
  const history = createHistory<SSEEvent>()
  let latest = new Map<string, SSEEvent>()
  let lastEvent: SSEEvent | null = null
  let invalid: SSEError | null = null
  let published: SSESnapshot = IDLE_SNAPSHOT
  let variants = new Map<string, SSESnapshot>()
  let publishedInvalid: SSEError | null = null

  function undeclared(raw: RawEvent, { events }: Settings): false {
    if (process.env.NODE_ENV !== 'production') {
      const near = Object.keys(events ?? {}).find((type) => distance(type, raw.type) < 3)
      if (near && ![...readers].some((reader) => reader.settings.onUndeclared))
        warnOnce(`eventwire: an event of type '${raw.type}' came, which is not declared. Did you mean '${near}'?`)
    }
    deliver(readers, report, 'onUndeclared', raw)
    return false
  }

  return {
    readers,
    reserve: history.reserve,
    events: history.toArray,
    receive(raw, seq, receivedAt) {
      const { type, data, lastEventId } = raw
      for (const reader of [...readers]) {
        const { until } = reader.settings
        if (reader.active && until && guarded(reportOf(reader, report), () => until({ type, raw: data, lastEventId }))) finish(reader)
      }
      const settings = active(readers)?.settings
      if (!settings) return false
      const { events } = settings
      if (events && !Object.hasOwn(events, type)) return undeclared(raw, settings)

      let event: SSEEvent
      try {
        event = { type, data: decode(events ? events[type] : settings.decode, raw), raw: data, lastEventId, receivedAt, seq }
      } catch (error) {
        if (!(error instanceof SSEError)) throw error
        invalid = error
        const told = [...readers].filter((reader) => reader.settings.onInvalid !== 'drop' && listens(reader, type))
        deliver(told, report, 'onError', error)
        return true
      }
      lastEvent = event
      history.push(event)
      latest.delete(type)
      latest.set(type, event)
      if (latest.size > LATEST_BOUND && !events) for (const oldest of latest.keys()) {
        latest.delete(oldest)
        break
      }
      for (const reader of [...readers]) if (listens(reader, type)) deliver([reader], report, 'onMessage', event.data, event)
      return true
    },
    publish(facts) {
      published = Object.freeze({
        ...facts,
        isConnected: facts.status === 'open',
        data: lastEvent && lastEvent.data,
        lastEvent,
        latest: Object.freeze(Object.fromEntries(latest)),
        history: Object.freeze(history.toArray()),
      })
      publishedInvalid = invalid
      variants = new Map()
    },
    read(keep, withInvalid) {
      const error = published.error ?? (withInvalid ? publishedInvalid : null)
      const name = `${keep} ${withInvalid}`
      let variant = variants.get(name)
      if (!variant) {
        const kept = published.history.slice(-keep || Infinity)
        variants.set(name, (variant = Object.freeze({ ...published, history: Object.freeze(kept), error })))
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

/** The first reader that is still there: all agree on decoders. */
function active(readers: Iterable<Reader>): Reader | undefined {
  for (const reader of readers) if (reader.active) return reader
  return undefined
}

function listens(reader: Reader, type: string): boolean {
  return !reader.listen || reader.listen.includes(type)
}
