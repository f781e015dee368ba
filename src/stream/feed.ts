import type { Connection } from '../connection/connection.js'
import type { CredentialRefresh } from '../connection/credential-refresh.js'
import type { ConnectionAction, ConnectionState } from '../connection/transition.js'
import type { AskContext, AskReason } from '../options/identity.js'
import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { Page } from '../protocol/page.js'
import type { OpenInfo, ResolvedRequest, Transport, TransportRequest } from '../protocol/transport.js'
import type { Agreement } from './agreed-options.js'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { FactBody } from './fact.js'
import type { Persist } from './persist.js'
import type { Readers } from './readers.js'
import { createConnection } from '../connection/connection.js'
import { renewing } from '../connection/renewal.js'
import { resolveRequest } from '../connection/request.js'
import { createDiagnosis } from '../connection/diagnosis.js'
import { identityText } from '../options/stream-key.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { SSEError } from '../protocol/errors.js'
import { byteLength } from './byte-length.js'
import { answered, guarded } from './callback.js'
import { createConnectionLimit } from './connection-limit.js'
import { createDedupe } from './dedupe.js'
import { nameOf } from './info.js'
import { warnOfRepeatedAnswer } from './repeated-answer.js'
import type { UnheardErrors } from './unheard-error.js'
import { createVouching } from './resume-vouching.js'
import { typesOf } from './readers.js'

/** The stream that is fed. */
export interface FeedOwner {
  readonly id: string
  readonly clock: Clock
  readonly page: Page
  readonly readers: Readers
  readonly cursor: Cursor
  readonly delivery: Delivery
  readonly persist: Pick<Persist, 'ready' | 'resumed' | 'opened'>
  /** Asks for fresh credentials once for all streams of the client. */
  readonly refresh: CredentialRefresh
  /** What carries an attempt in place of the transport that was asked for. */
  wrapped(transport: Transport): Transport
  /** All that was folded from the stream counts no more, nor does its cursor. */
  startOver(): void
  /** Development's. */
  readonly unheard: UnheardErrors | null
  /** `null` while nobody observes. */
  tell(): ((body: FactBody) => void) | null
}

/** Where the events of one stream come from: its connection, and what is known of gaps in it. */
export interface Feed {
  readonly connection: Connection
  /** A request has gone out. */
  readonly asked: boolean
  readonly bytes: number
  readonly reconnects: number
  /** Whether it owns the connection that it shares with other tabs; `undefined` where it shares none. */
  readonly isOwner: boolean | undefined
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createFeed(owner: FeedOwner): Feed {
  const { id, clock, readers, cursor, delivery, tell } = owner
  const diagnosis = createDiagnosis()
  const vouching = createVouching()
  const repeats = createDedupe()
  const limit = MODE_KNOWN && process.env.NODE_ENV !== 'production' ? createConnectionLimit(clock) : null
  let known: Agreement | null = null
  let plain = false
  /** The cursor that the open answer resumed from. */
  let carried = ''
  let bytes = 0
  let reconnects = 0
  /** The transport shares its connection: whether it is this program's. */
  let isOwner: boolean | undefined
  /** What was asked for last. */
  let sent: ResolvedRequest | null = null

  const connection = createConnection({
    clock,
    policy() {
      const { retry, live } = readers.agreement
      return { retry, live, guard: (run) => guarded(readers.oldest.onUncaught, run) }
    },
    page: owner.page,
    patience() {
      const { connectTimeout, idleTimeout, pauseWhenHidden, live } = readers.agreement
      const resumable = live && readers.oldest.method === 'GET'
      const can = readers.oldest.transport.can.has('activity')
      return { connectTimeout, idleTimeout: can ? idleTimeout : false, pauseWhenHidden, resumable }
    },
    transport,
    canAsk: () => readers.oldest.canAsk,
    request,
    unfinished: () => readers.list.some(({ settings }) => settings.until),
    resets(error) {
      // What is asked for once is not sent again by itself.
      const { statuses = readers.agreement.live ? [410] : [] } = readers.agreement.reset ?? {}
      const tooOld = error.status !== undefined && statuses.includes(error.status) && sentCursor() !== ''
      if (tooOld) reset('status')
      return tooOld
    },
    explain: (error) => diagnosis.explain(error, connection.state, sent, readers.oldest.transport),
    event: receive,
    cursor(lastEventId) {
      cursor.move(lastEventId)
      delivery.mark()
    },
    bytes(count = 0) {
      bytes += count
      delivery.arrived()
      tell()?.({ type: 'bytes', count })
    },
    comment: () => tell()?.({ type: 'comment' }),
    state: onState,
  })

  function transport(): Transport {
    const carrier = () => owner.wrapped(readers.oldest.transport)
    const options = () => readers.agreement.renew
    if (!options()) return carrier()
    const endOf = (info: OpenInfo) => answered(readers.oldest.onUncaught, 'renew.at', () => options()?.at?.(info))
    return renewing({ clock, options, transport: carrier, cursor: () => cursor.value, endOf })
  }

  function request(reason: AskReason, signal: AbortSignal): TransportRequest {
    const ask = (question: (context: AskContext) => unknown) =>
      reason === 'unauthorized' ? owner.refresh.ask(question, signal) : question({ reason, signal })
    return {
      id,
      clock,
      get live() {
        return readers.agreement.live
      },
      get identity() {
        return identityText(readers.oldest)
      },
      // Asked when they are needed: readers of the same commit have come by then.
      get types() {
        return [...new Set(readers.list.flatMap(typesOf))]
      },
      get maxEventSize() {
        return readers.agreement.maxEventSize
      },
      async resolve() {
        // Readers of the same commit may say where to start; so may a record.
        await Promise.resolve()
        if (owner.persist.ready) await owner.persist.ready
        const { lastEventIdParam } = readers.agreement
        sent = await resolveRequest({ ...readers.oldest, lastEventIdParam }, cursor.value, ask)
        limit?.asked(sent.url)
        return sent
      },
    }
  }

  function receive(raw: RawEvent) {
    if ((!isPlain(readers.agreement) || vouching.vouched) && !passes(raw)) return
    delivery.receive(raw)
    tell()?.({ type: 'event', event: raw, seq: delivery.events, bytes: byteLength(raw.data) })
  }

  /** Nobody asked for more than events as they come: found out when the agreement changes, and not for every event. */
  function isPlain(agreement: Agreement): boolean {
    if (agreement === known) return plain
    known = agreement
    const { isError, replays, dedupe, reset: resets } = agreement
    return (plain = !isError && !replays && !dedupe && resets?.event === undefined)
  }

  /** Looks at an event before it is one; `false` for what is none. */
  function passes(raw: RawEvent): boolean {
    const { isError, replays, dedupe, reset: resets } = readers.agreement
    if (resets?.event !== undefined && carried !== '' && [resets.event].flat().includes(raw.type)) {
      reset('event')
      connection.reset()
      return false
    }
    if (isError) {
      const { type, data, lastEventId } = raw
      const refusal = answered(readers.oldest.onUncaught, 'isError', () => isError({ type, raw: data, lastEventId }))
      if (refusal) {
        connection.fail(refusal instanceof SSEError ? refusal : refusedBy(refusal, data))
        return false
      }
    }
    if ((replays || vouching.vouched) && vouching.belied(raw)) {
      delivery.resumed({ resumed: false, gapPossible: true })
      tell()?.({ type: 'gap' })
    }
    return !dedupe || !repeats.repeated(raw, dedupe)
  }

  function onState(now: ConnectionState, before: ConnectionState, action: ConnectionAction, info?: OpenInfo) {
    const say = tell()
    if (now.generation !== before.generation) say?.({ type: 'attempt', attempt: now.attempt, cursor: cursor.value })
    const error = now.error && { error: now.error }
    say?.({ type: 'state', from: before.status, to: now.status, action: action.type, ...error })
    if (now.status === 'open' && before.status === 'reconnecting') reconnects++
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production') {
      if (now.status === 'failed' && now.error && now.error !== before.error) owner.unheard?.happened(now.error)
      if (action.type === 'lost') ended(now, before, action)
    }
    if (!now.running) limit?.over()
    else if (action.type === 'opened') limit?.opened()
    delivery.changed(now, before, action, info, info && opened(info, before))
  }

  /** A clean end that is asked again, though nothing says that more is to come: an answer, perhaps, that costs twice. */
  function ended(now: ConnectionState, before: ConnectionState, { error, delayMs }: { readonly error: SSEError | null; readonly delayMs: number | false }) {
    const { list, oldest } = readers
    const meant = cursor.value !== '' || now.serverRetryMs !== null || list.some(({ settings }) => settings.live !== undefined)
    if (error || delayMs === false || before.status !== 'open' || oldest.method !== 'GET' || meant) return
    warnOfRepeatedAnswer(nameOf(oldest))
  }

  /** What an answer says of the time between; `undefined` for the first. */
  function opened(info: OpenInfo, before: ConnectionState) {
    carried = carriedBy(info)
    repeats.opened()
    diagnosis.opened(carried !== '')
    const say = tell()
    say?.({ type: 'open', ...(info.status && { status: info.status }), resumed: carried !== '' })
    if (info.owner !== undefined && info.owner !== isOwner) say?.({ type: 'owner', owner: info.owner })
    isOwner = info.owner
    owner.persist.opened()
    if (!before.opened && !owner.persist.resumed) return undefined
    const resumption = vouching.resumed(info, carried, readers.agreement.replays)
    if (resumption.gapPossible) say?.({ type: 'gap' })
    return resumption
  }

  /** The cursor that the request of an answer carried; `''` for none. */
  function carriedBy({ resumed }: OpenInfo): string {
    if (resumed === undefined) return sentCursor()
    return resumed ? cursor.value : ''
  }

  function sentCursor(): string {
    const can = readers.oldest.transport.can.has('cursor') || sent?.cursorParam !== undefined
    return can ? (sent?.lastEventId ?? '') : ''
  }

  function reset(reason: 'status' | 'event') {
    carried = ''
    owner.startOver()
    delivery.reset({ reason })
    tell()?.({ type: 'reset' })
  }

  return {
    connection,
    get asked() {
      return sent !== null
    },
    get bytes() {
      return bytes
    },
    get reconnects() {
      return reconnects
    },
    get isOwner() {
      return isOwner
    },
  }
}

function refusedBy(refusal: true | string, body: string): SSEError {
  const message = refusal === true ? 'The server sent an event that isError takes for a refusal' : refusal
  return new SSEError('refused', message, { body })
}
