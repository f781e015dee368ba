import type { RenewOptions } from '../options/stream-options.js'
import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo, Transport, TransportAttempt, TransportRequest, TransportSink } from '../protocol/transport.js'
import { numberOr } from '../options/number.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'

/** So long before its end a stream is renewed. */
const BEFORE_MS = 5_000
/** A successor that failed is tried once more, so much later. */
const AGAIN_MS = 1_000
/** Of a successor that does not catch up, so many events are held, or UTF-16 code units of their data. */
const HELD = 10_000
const HELD_TEXT = 8 * 1024 * 1024

/** The stream that is renewed. */
export interface RenewalOwner {
  readonly clock: Clock
  options(): RenewOptions | undefined
  /** The last event ID that readers have had; `''` for none. */
  cursor(): string
  /** What carries an attempt now. */
  transport(): Transport
  /** When the user says that an answer ends, in epoch ms. */
  endOf(info: OpenInfo): unknown
}

/** One of the two attempts that there may be. */
interface Lane {
  attempt: TransportAttempt | null
  info: OpenInfo | null
  /** What it has sent before it may speak. */
  held: RawEvent[]
  text: number
  /** The ids of what it has sent. */
  readonly ids: Set<string>
  /** What readers have had while it was held: it may send that again, until it sends something new. */
  had: Set<string> | null
}

/**
 * Make before break: an attempt whose end is known opens a successor from the cursor before that end. What both send comes
 * once: the successor is held until it has caught up, then the old one goes. Whoever reads sees one attempt.
 */
export function renewing(owner: RenewalOwner): Transport {
  const first = owner.transport()
  return { ...first, open: (request, sink) => attempt(first, request, sink, owner) }
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
function attempt(first: Transport, request: TransportRequest, sink: TransportSink, owner: RenewalOwner): TransportAttempt {
  const { clock } = owner
  const types = new Set(request.types)
  let timer: unknown = null
  let paused = false
  let speaker: Lane | null = lane()
  let successor: Lane | null = null
  /** A successor that fails is tried once more. */
  let mayFail = false
  let last: TransportAttempt | null = null

  function lane(): Lane {
    return { attempt: null, info: null, held: [], text: 0, ids: new Set(), had: null }
  }

  function launch(one: Lane, transport: Transport) {
    one.attempt = transport.open({ ...request, types: [...types] }, sinkOf(one))
    // It may have failed, or ended, in the call.
    if (one !== speaker && one !== successor) one.attempt.close()
  }

  function close() {
    clock.clearTimeout(timer)
    const both = [speaker, successor]
    last = speaker?.attempt ?? last
    speaker = successor = null
    for (const one of both) one?.attempt?.close()
  }

  /** @param again - whether a successor that fails is tried once more */
  function schedule(ms: number, again: boolean) {
    clock.clearTimeout(timer)
    timer = clock.setTimeout(() => renew(again), ms)
  }

  function plan(info: OpenInfo) {
    const end = owner.endOf(info)
    if (typeof end !== 'number' || Number.isNaN(end)) return
    const beforeMs = numberOr(BEFORE_MS, owner.options()?.beforeMs)
    // A token that stays as old as it is must not renew the stream without end.
    schedule(Math.max(end - beforeMs - clock.now(), beforeMs), true)
  }

  function renew(again: boolean) {
    // A stream that opens again, shared with other tabs or the browser's own, is planned for again: one successor is enough.
    if (!speaker || successor) return
    const transport = owner.transport()
    if (!transport.can.has('cursor') || owner.cursor() === '') {
      if (MODE_KNOWN && process.env.NODE_ENV !== 'production')
        warnOnce(`eventwire: renew does nothing: ${owner.cursor() === '' ? 'the stream has shown no id' : `the ${transport.name} transport sends no cursor`} to go on from`)
      return
    }
    successor = lane()
    successor.had = new Set()
    mayFail = again
    try {
      launch(successor, transport)
    } catch {
      // It refuses what it can't do in the call: the stream goes on as it is.
      drop()
    }
  }

  /** The successor is of no use: the stream goes on as it is. */
  function drop() {
    const gone = successor
    successor = null
    gone?.attempt?.close()
    if (mayFail) schedule(AGAIN_MS, false)
  }

  /** It has caught up once it has sent what readers had last, or they have had nothing since it was asked for. */
  function splice(next: Lane, old: Lane) {
    speaker = next
    successor = null
    old.attempt?.close()
    if (paused) next.attempt?.pause?.()
    const { held } = next
    next.held = []
    next.ids.clear()
    if (next.info) plan(next.info)
    for (const raw of held) if (speaker === next) speak(next, raw)
  }

  function caughtUp({ info, had, ids }: Lane): boolean {
    return info !== null && (had?.size === 0 || ids.has(owner.cursor()))
  }

  function speak(one: Lane, raw: RawEvent) {
    if (one.had?.has(nameOf(raw))) return
    one.had = null
    successor?.had?.add(nameOf(raw))
    sink.event(raw)
    if (successor && speaker === one && caughtUp(successor)) splice(successor, one)
  }

  function sinkOf(one: Lane): TransportSink {
    const asSpeaker = (tell: () => void) => one === speaker && tell()
    return {
      open(info) {
        one.info = info
        if (one === speaker) {
          sink.open(info)
          plan(info)
        } else if (one === successor && speaker && caughtUp(one)) splice(one, speaker)
      },
      event(raw) {
        if (one === speaker) return speak(one, raw)
        if (one !== successor || !speaker) return
        one.held.push(raw)
        one.text += raw.data.length
        one.ids.add(raw.lastEventId)
        if (caughtUp(one)) splice(one, speaker)
        else if (one.held.length > HELD || one.text > HELD_TEXT) drop()
      },
      activity: (bytes) => asSpeaker(() => sink.activity(bytes)),
      ...(sink.comment && { comment: (text: string) => asSpeaker(() => sink.comment?.(text)) }),
      cursor: (lastEventId) => asSpeaker(() => sink.cursor?.(lastEventId)),
      retry: (ms) => asSpeaker(() => sink.retry(ms)),
      waiting: (info) => asSpeaker(() => sink.waiting(info)),
      end: (final) => over(one, () => sink.end(final)),
      fail: (error) => over(one, () => sink.fail(error)),
    }
  }

  function over(one: Lane, report: () => void) {
    if (one === successor) return drop()
    if (one !== speaker) return
    // A successor that is there takes over, however far it is: what comes twice is known by its id.
    if (successor?.info) return splice(successor, one)
    close()
    report()
  }

  launch(speaker, first)
  return {
    close,
    listen(type) {
      types.add(type)
      for (const one of [speaker, successor]) one?.attempt?.listen(type)
    },
    pause() {
      paused = true
      speaker?.attempt?.pause?.()
    },
    resume() {
      paused = false
      speaker?.attempt?.resume?.()
    },
    after: (next) => last?.after?.(next),
  }
}

/** What an event is known by when it comes again. */
function nameOf({ type, data, lastEventId }: RawEvent): string {
  return JSON.stringify([lastEventId, type, data])
}
