import type { RawEvent, SSEEvent } from '../protocol/event.js'
import type { KeptEvent } from './persist-record.js'
import type { Reader } from './readers.js'
import type { SSESnapshot } from './snapshot.js'
import { boundOf } from '../options/number.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { SSEError } from '../protocol/errors.js'
import { answered, call } from './callback.js'
import { decode } from './decode.js'
import type { UnheardErrors } from './unheard-error.js'
import { freezeData, makesOwnData } from './freeze-data.js'
import { createHistory } from './history.js'
import { createLatest } from './latest.js'
import { deliver } from './readers.js'
import { IDLE_SNAPSHOT } from './snapshot.js'
import { warnOfTypo } from './undeclared-type.js'

type Until = NonNullable<Reader['settings']['until']>

/** What a snapshot takes from the stream. */
export type StreamFacts = Pick<
  SSESnapshot,
  'status' | 'error' | 'attempt' | 'retryAt' | 'reconnectReason' | 'lastEventId'
>

/** A stream as one set of decoders sees it. Its readers differ only in what they keep and in their callbacks. */
export interface DecodedView {
  readonly readers: ReadonlySet<Reader>
  add(reader: Reader): void
  remove(reader: Reader): void
  /** Options of a reader are others now. */
  renewed(): void
  /** Decodes and delivers one event; false when no snapshot changes by it. */
  receive(raw: RawEvent, seq: number, receivedAt: number): boolean
  /** Makes what has been received what `read` gives. */
  publish(facts: StreamFacts): void
  /** Gives those who take events by the batch what came since the last publication. */
  deliverBatch(): void
  /** The published snapshot, with so much history, and with or without errors of single events. */
  read(history: number, report: boolean): SSESnapshot
  /** The events kept right now, published or not. */
  readonly events: () => readonly SSEEvent[]
  /** All that a snapshot shows, each event once or twice. */
  kept(): Iterable<KeptEvent>
  /** Shows again what was kept over a reload: nobody is called. */
  restore(events: readonly KeptEvent[]): void
  /** Forgets the error of an event that could not be decoded. */
  forgive(): void
  /** Empties it; `false` when there was nothing, and nothing is on screen. */
  clear(): boolean
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
/**
 * @param first - how to decode: all its readers agree on that
 * @param finish - called when a reader's `until` matched
 * @param unheard - development's: is told of errors, and of who looks at them
 */
export function createDecodedView(first: Reader, finish: (reader: Reader) => void, unheard: UnheardErrors | null): DecodedView {
  const readers = new Set<Reader>()
  /** The same as a list, and by event type: another one after every change, so that whoever walks it walks it whole. */
  let list: readonly Reader[] = []
  /** Those who listen for every type; and who hears each type that somebody names. */
  let toAll: readonly Reader[] = []
  let byType = new Map<string, readonly Reader[]>()
  /** How to decode while the stream lingers, for whoever comes back. */
  let last = first
  const history = createHistory<SSEEvent>()
  const latest = createLatest(!first.settings.events)
  let keepsLatest = false
  let lastEvent: SSEEvent | null = null
  /** Somebody takes events by the batch: what came since the last publication. */
  let batch: SSEEvent[] = []
  let batches = false
  /** Somebody has an `onMessage`, as far as was looked. */
  let messages = false
  let looked = false
  let invalid: SSEError | null = null
  let published: SSESnapshot = IDLE_SNAPSHOT
  let publishedInvalid: SSEError | null = null
  /** What has been read of `published`, by what readers ask for. */
  let variants = new Map<string, SSESnapshot>()

  function changed() {
    list = [...readers]
    looked = false
    seeBatches()
    toAll = list.filter(({ listen }) => !listen)
    const named = new Set(list.flatMap(({ listen }) => listen ?? []))
    byType = new Map([...named].map((type) => [type, list.filter(({ listen }) => !listen || listen.includes(type))]))
    // Who lingers or hides keeps what it had: nobody else says what to keep.
    if (list.length === 0) return
    last = list[0] ?? last
    keepsLatest = list.some(({ snapshots }) => snapshots)
    history.bound(Math.max(...list.map(({ settings }) => boundOf(settings.history))))
  }

  /** Options change with every render, and are looked at once a publication. */
  function seeBatches() {
    batches = list.some(({ settings }) => settings.onBatch)
  }

  /** Whether the `until` of a reader lets an event through, and whether it is the last. A view that has one has one reader. */
  function judge({ settings }: Reader, until: Until, { type, data, lastEventId }: RawEvent) {
    return answered(settings.onUncaught, 'until', () => until({ type, raw: data, lastEventId }))
  }

  /** Looks who has an `onMessage`: once after options changed, and not for every event. */
  function look() {
    looked = true
    messages = list.some(({ settings }) => settings.onMessage)
  }

  function receive(raw: RawEvent, seq: number, receivedAt: number): boolean {
    if (!looked) look()
    const reading = list[0] ?? last
    const { until, events, decode: decoder } = reading.settings
    const verdict = until && judge(reading, until, raw)
    if (verdict === true) finish(reading)
    if (reading.done || (list.length > 0 && !reading.active)) return false
    if (events && !Object.hasOwn(events, raw.type)) {
      if (MODE_KNOWN && process.env.NODE_ENV !== 'production') warnOfTypo(raw.type, events, [reading, ...list])
      deliver(list, 'onUndeclared', raw)
    } else if (raw.data === '' && !events && decoder === undefined) bareEvent(raw, seq, receivedAt)
    else take(raw, events ? events[raw.type] : decoder, seq, receivedAt)
    if (verdict === 'last') finish(reading)
    return true
  }

  /** An event without data, where nobody named a decoder, is no value: who named its type hears that it came. */
  function bareEvent({ type, data, lastEventId }: RawEvent, seq: number, receivedAt: number) {
    const event: SSEEvent = { type, data: null, raw: data, lastEventId, receivedAt, seq }
    for (const reader of list) {
      if (reader.settings.types?.includes(type)) tellMessage(reader, event)
      if (reader.listen?.includes(type)) tellListener(reader, event)
    }
  }

  function take(raw: RawEvent, decoder: Parameters<typeof decode>[0], seq: number, receivedAt: number) {
    const { type, data, lastEventId } = raw
    const hearing = byType.size > 0 ? (byType.get(type) ?? toAll) : toAll
    let event: SSEEvent
    try {
      event = { type, data: decode(decoder, raw), raw: data, lastEventId, receivedAt, seq }
    } catch (error) {
      // `decode` throws nothing else.
      if (error instanceof SSEError) report(error, hearing)
      return
    }
    // What one reader changes, the next would see changed.
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production' && makesOwnData(decoder)) freezeData(event.data)
    lastEvent = event
    invalid = null
    history.push(event)
    if (keepsLatest) latest.put(event)
    if (batches) batch.push(event)
    if (messages) for (const reader of list) tellMessage(reader, event)
    for (const reader of hearing) tellListener(reader, event)
  }

  /** Decodes an event that is shown again; what can't be decoded is not. */
  function again({ event, inHistory }: KeptEvent) {
    const { events, decode: decoder } = (list[0] ?? last).settings
    const { type, raw } = event
    if ((events && !Object.hasOwn(events, type)) || (raw === '' && !events && decoder === undefined)) return
    try {
      const shown: SSEEvent = { ...event, data: decode(events ? events[type] : decoder, { ...event, data: raw }) }
      lastEvent = shown
      if (inHistory) history.push(shown)
      if (keepsLatest) latest.put(shown)
    } catch {
      // Whoever had it before has heard of it.
    }
  }

  function tellMessage({ active, settings: { onMessage, onUncaught } }: Reader, event: SSEEvent) {
    if (active && onMessage) call(onUncaught, onMessage, event.data, event, 'onMessage')
  }

  function tellListener({ active, hear, settings }: Reader, event: SSEEvent) {
    if (active && hear) call(settings.onUncaught, hear, event.data, event)
  }

  function report(error: SSEError, hearing: readonly Reader[]) {
    invalid = error
    const reported = hearing.filter(({ settings }) => settings.onInvalid !== 'drop')
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production' && reported.length > 0) unheard?.happened(error)
    deliver(reported, 'onError', error)
  }

  return {
    readers,
    add(reader) {
      readers.add(reader)
      changed()
    },
    remove(reader) {
      if (readers.delete(reader)) changed()
    },
    renewed() {
      looked = false
    },
    receive,
    events: history.toArray,
    *kept() {
      for (const event of Object.values(latest.toObject())) yield { event, inHistory: false }
      for (const event of history.toArray()) yield { event, inHistory: true }
    },
    restore: (events) => events.forEach(again),
    publish(facts) {
      published = {
        ...facts,
        isConnected: facts.status === 'open',
        data: lastEvent && lastEvent.data,
        lastEvent,
        latest: latest.toObject(),
        history: history.toArray(),
      }
      publishedInvalid = invalid
      variants = new Map()
    },
    deliverBatch() {
      seeBatches()
      if (batch.length === 0) return
      const events = batch
      batch = []
      for (const { active, listen, settings } of list) {
        const { onBatch, onUncaught } = settings
        const heard = listen ? events.filter(({ type }) => listen.includes(type)) : events
        if (active && onBatch && heard.length > 0) call(onUncaught, onBatch, Object.freeze([...heard]))
      }
    },
    read(keep, withInvalid) {
      const name = `${keep} ${withInvalid}`
      let variant = variants.get(name)
      if (!variant) {
        const error = published.error ?? (withInvalid ? publishedInvalid : null)
        const kept = Object.freeze(keep > 0 ? published.history.slice(-keep) : [])
        variant = { ...published, history: kept, error }
        if (MODE_KNOWN && process.env.NODE_ENV !== 'production' && unheard && error)
          Object.defineProperty(variant, 'error', { enumerable: true, get: () => (unheard.heard(), error) })
        variants.set(name, Object.freeze(variant))
      }
      return variant
    },
    forgive() {
      invalid = null
    },
    clear() {
      const held = lastEvent ?? invalid ?? published.lastEvent ?? publishedInvalid
      lastEvent = invalid = null
      batch = []
      latest.clear()
      history.clear()
      return held !== null
    },
  }
}
