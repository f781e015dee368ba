import type { Clock } from '../../protocol/clock.js'
import type { AfterAttempt, OpenInfo, ResolvedRequest, Transport, TransportAttempt, TransportRequest, TransportSink } from '../../protocol/transport.js'
import type { SSEError } from '../../protocol/errors.js'
import type { Entry, OwnerMessage, OwnerState, Place } from './message.js'
import type { Position } from './position.js'
import { headerOfText } from '../../protocol/header-text.js'
import { tellError } from './message.js'
import { variant } from './request-variant.js'

/** Who has nothing yet is given so many events. */
const NEWEST = 16
/** So long a new owner has for its answer before its own readers are told that there is none, in ms. */
const HUSH_MS = 1_000

type Said<M> = M extends unknown ? Omit<M, 'epoch' | 'from'> : never

/** The tab that owns the connection. */
export interface LeaderOwner {
  readonly clock: Clock
  readonly inner: Transport
  sink(): TransportSink | null
  position(): Position
  /** Says something as the owner. */
  post(message: Said<OwnerMessage>): void
  /** Others listen. */
  isHeard(): boolean
}

/** What the owner of a shared stream does: asks the server, and tells the others what comes. */
export interface Leading {
  /** @param wasOpen - readers see an open stream, of another owner or of the request before */
  launch(request: TransportRequest, types: readonly string[], wasOpen: boolean): void
  /** Somebody asks for what came after a place. */
  answer(to: string, question: number, place: Place): void
  listen(types: readonly string[]): void
  /** Readers see an open stream. */
  readonly isOpen: boolean
  /** Its attempt is over; the lead is not. */
  stop(): void
  /** The connection above waits for its next attempt. */
  waits(next: AfterAttempt & { readonly retryAt: number }): void
  /** The stream is over: tells the others how, where that was not by a reader's wish. Whether it did. */
  ends(): boolean
  /** What came is told now. */
  flush(): void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createLeading(owner: LeaderOwner): Leading {
  const { clock, inner } = owner
  let attempt: TransportAttempt | null = null
  let run: object | null = null
  let state: OwnerState = { is: 'connecting', asked: 0 }
  let finished: { readonly final: boolean; readonly error: SSEError | null } | null = null
  let batch: Entry[] = []
  let bytes = 0
  let commented = false
  let retry: number | undefined
  let scheduled = false
  let hush: unknown

  function flush() {
    scheduled = false
    const first = owner.position().seq - batch.length + 1
    const message = { is: 'events', first, batch, bytes, commented, retry } as const
    batch = []
    bytes = 0
    commented = false
    retry = undefined
    if (owner.isHeard() && (message.batch.length > 0 || message.bytes > 0 || message.retry !== undefined)) owner.post(message)
  }

  /** One message for all that a chunk brings: it is read in one go. */
  function schedule() {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => scheduled && flush())
  }

  function become(now: OwnerState) {
    flush()
    state = now
    owner.post({ is: 'state', state })
  }

  function take(entry: Entry) {
    owner.position().take(entry)
    batch.push(entry)
    schedule()
  }

  function answerOf(info: OpenInfo, resolved: ResolvedRequest | null): OwnerState {
    const cursor = resolved?.lastEventId ?? ''
    const carries = inner.can.has('cursor') || resolved?.cursorParam !== undefined
    const header = info.headers?.get('last-event-id') ?? null
    const vouched = cursor !== '' && header !== null && (header === cursor || header === headerOfText(cursor))
    const resumed = info.resumed ?? (carries && cursor !== '')
    return { is: 'open', asked: state.asked, status: info.status, resumed, vouched }
  }

  function sinkOf(mine: object, asked: () => ResolvedRequest | null, wasOpen: boolean): TransportSink {
    clock.clearTimeout(hush)
    if (wasOpen) hush = clock.setTimeout(() => sink()?.waiting(), HUSH_MS)
    const sink = () => (run === mine ? owner.sink() : null)
    const finish = (final: boolean, error: SSEError | null) => {
      if (!sink()) return
      flush()
      finished = { final, error }
      if (error) sink()?.fail(error)
      else sink()?.end(final)
    }
    return {
      open(info) {
        if (!sink()) return
        clock.clearTimeout(hush)
        become(answerOf(info, asked()))
        sink()?.open({ ...info, owner: true })
      },
      event(raw) {
        if (!sink()) return
        take([raw.type, raw.data, raw.lastEventId])
        sink()?.event(raw)
      },
      cursor(lastEventId) {
        if (!sink()) return
        take([null, '', lastEventId])
        sink()?.cursor?.(lastEventId)
      },
      activity(count = 0) {
        if (!sink()) return
        bytes += count
        schedule()
        sink()?.activity(count)
      },
      comment(text) {
        commented = true
        sink()?.comment?.(text)
      },
      retry(ms) {
        if (!sink()) return
        retry = ms
        schedule()
        sink()?.retry(ms)
      },
      waiting(info = {}) {
        if (!sink()) return
        const { retryAt, error, attempt: failed, planned = false } = info
        become({ is: 'waiting', asked: state.asked, retryAt, error: tellError(error), attempt: failed, planned })
        sink()?.waiting(info)
      },
      end: (final = false) => finish(final, null),
      fail: (error) => finish(false, error),
    }
  }

  function stop() {
    run = null
    clock.clearTimeout(hush)
    const old = attempt
    attempt = null
    old?.close()
    flush()
  }

  return {
    launch(request, types, wasOpen) {
      stop()
      finished = null
      let resolved: ResolvedRequest | null = null
      const mine = {}
      run = mine
      become({ is: 'connecting', asked: clock.now() })
      const asking = variant(request, {
        types,
        async resolve() {
          return (resolved = await request.resolve())
        },
      })
      try {
        const opened = inner.open(asking, sinkOf(mine, () => resolved, wasOpen))
        if (run === mine) attempt = opened
        else opened.close()
      } catch (cause) {
        run = null
        throw cause
      }
    },
    answer(to, question, place) {
      flush()
      const position = owner.position()
      const isNew = place.lastId === '' && place.seq === 0
      const since = isNew && place.lineage === '' ? position.ring.slice(-NEWEST) : position.since(place)
      const how = isNew ? 'fresh' : since ? 'exact' : 'gap'
      owner.post({ is: 'welcome', to, question, ...position.place(), batch: since ?? position.ring, how, state })
    },
    get isOpen() {
      return run !== null && state.is === 'open'
    },
    listen: (types) => types.forEach((type) => attempt?.listen(type)),
    stop,
    waits({ retryAt, error, attempt: failed, planned }) {
      finished = null
      become({ is: 'waiting', asked: state.asked, retryAt, error: tellError(error), attempt: failed, planned })
    },
    ends() {
      const how = finished
      finished = null
      if (how) owner.post({ is: 'over', final: how.final, error: tellError(how.error) })
      return how !== null
    },
    flush,
  }
}
