import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo } from '../protocol/transport.js'
import type { ConnectionPolicy } from './connection.js'
import type { Reader } from './listeners.js'
import type { Report } from './reader.js'
import type { Notify } from './notifier.js'
import type { Settings } from './source.js'
import type { StreamInfo } from './stream-info.js'
import type { ConnectionState } from './transition.js'
import type { StreamFacts, View } from './view.js'
import { SSEError } from '../protocol/errors.js'
import { createConnection } from './connection.js'
import { warnOfDisagreement } from './disagreement.js'
import { isOtherOrigin } from './environment.js'
import { deliver } from './listeners.js'
import { createNotifier } from './notifier.js'
import { resolveRequest } from './request.js'
import { IDLE_SNAPSHOT } from './snapshot.js'
import { withoutSecrets } from './stream-info.js'
import { createView } from './view.js'

const MAX_EVENT_SIZE = 4 * 1024 * 1024

/** What holds streams: it knows which are current. */
export interface StreamHost {
  readonly clock: Clock
  readonly report: Report
  /** Makes this stream the current one of its identity; false when there is another. */
  add(stream: Stream): boolean
  remove(stream: Stream): void
}

/** One identity: one connection, its cursor, its readers, its life. */
export interface Stream {
  readonly key: string
  readonly id: string
  readonly views: ReadonlyMap<string, View>
  /**
   * Adds a reader, and starts the stream unless someone stopped it.
   *
   * @param held - the view to read, where there is one
   * @param again - the reader has read this stream before
   */
  attach(reader: Reader, held: View | undefined, again: boolean): View
  detach(reader: Reader): void
  open(): void
  close(): void
  reconnect(): void
  /** Empties data, history and error; never the cursor. */
  clear(): void
  /** Closes it and forgets everything, the cursor too. */
  forget(): void
  pause(): void
  resume(): void
  info(): StreamInfo
}

export function createStream(key: string, id: string, first: Settings, host: StreamHost): Stream {
  const { clock, report } = host
  const readers = new Set<Reader>()
  const views = new Map<string, View>()
  let cursor = first.lastEventId ?? ''
  let seq = 0
  let bytes = 0
  let reconnects = 0
  let linger = 0
  let lingering: unknown = null
  /** It was let go while it ran: whoever takes it up again starts it again. */
  let released = false
  let newest = first
  let clearedError: unknown = null
  let sentCursor = false
  let sentTo = ''

  const notifier = createNotifier(clock, publish)
  const connection = createConnection({
    id,
    clock,
    report,
    policy,
    types,
    async resolve(afresh) {
      sentCursor = cursor !== ''
      const request = await resolveRequest(oldest(), cursor, afresh)
      sentTo = request.url
      return request
    },
    explain,
    event: receive,
    cursor(lastEventId) {
      cursor = lastEventId
      mark()
    },
    bytes: (count) => void (bytes += count),
    state: onState,
  })

  /** Options that can have one value only are the oldest reader's. */
  function oldest(): Settings {
    for (const reader of readers) return reader.settings
    return newest
  }

  const values = <K extends keyof Settings>(name: K) => [...readers].map((reader) => reader.settings[name])

  function policy(): ConnectionPolicy {
    const settings = oldest()
    const sizes = values('maxEventSize').filter((size) => size !== undefined)
    return {
      transport: settings.transport,
      live: settings.live ?? settings.method === 'GET',
      retry: settings.retry ?? {},
      canAsk: typeof settings.url === 'function' || settings.headers.some(({ value }) => typeof value === 'function'),
      maxEventSize: sizes.length ? Math.max(...sizes) : MAX_EVENT_SIZE,
    }
  }

  /** CORS refuses to say that it was CORS: what opened without the cursor and never does with it was refused the header. */
  function explain(error: SSEError): SSEError {
    const { status, opened, attempt } = connection.state
    const blocked = error.code === 'network' && sentCursor && opened && attempt > 1 && status !== 'open'
    if (!blocked || !isOtherOrigin(sentTo) || !oldest().transport.can.has('cursor')) return error
    return new SSEError(
      'resume-blocked',
      'The stream opens, but not with its cursor: the server must answer Access-Control-Allow-Headers: Last-Event-ID, or set lastEventIdParam',
      { cause: error, retryable: true },
    )
  }

  function typesOf({ settings, listen }: Reader): readonly string[] {
    return [...(settings.types ?? []), ...Object.keys(settings.events ?? {}), ...(listen ?? [])]
  }

  function types(): readonly string[] {
    return [...new Set([...readers].flatMap(typesOf))]
  }

  function mark() {
    const wanted = values('notify')
    const fastest: Notify | undefined = wanted.includes('sync')
      ? 'sync'
      : wanted.some((notify) => typeof notify !== 'function')
        ? 'frame'
        : wanted[0]
    notifier.mark(fastest ?? 'frame')
  }

  function receive(raw: RawEvent) {
    let changed = raw.lastEventId !== cursor
    cursor = raw.lastEventId
    const receivedAt = clock.now()
    seq++
    for (const view of [...views.values()]) if (view.receive(raw, seq, receivedAt)) changed = true
    if (changed) mark()
  }

  function facts(): StreamFacts {
    const { status, error, attempt, retryAt, reconnectReason } = connection.state
    return { status, error: error === clearedError ? null : error, attempt, retryAt, reconnectReason, lastEventId: cursor }
  }

  function publish() {
    const now = facts()
    for (const view of views.values()) publishView(view, now)
  }

  function publishView(view: View, now: StreamFacts) {
    view.publish(now)
    for (const reader of [...view.readers]) {
      try {
        reader.changed()
      } catch (error) {
        report(error)
      }
    }
  }

  function onState(now: ConnectionState, before: ConnectionState, info?: OpenInfo) {
    if (info) for (const view of views.values()) view.forgive()
    if (now.status === 'open' && before.status === 'reconnecting') reconnects++
    const visible = ['status', 'error', 'attempt', 'retryAt', 'reconnectReason'] as const
    // What arrived before a change of status is published before or with it.
    if (info || visible.some((name) => now[name] !== before[name])) notifier.flush()

    if (info) deliver(readers, report, 'onOpen', info)
    if (info && before.opened) {
      const { transport, lastEventIdParam } = oldest()
      const resumed = info.resumed ?? (sentCursor && (transport.can.has('cursor') || lastEventIdParam !== undefined))
      deliver(readers, report, 'onResume', { resumed, gapPossible: !resumed })
    }
    if (now.error && now.error !== before.error) deliver(readers, report, 'onError', now.error)
    if (now.status === 'closed' && before.status !== 'closed') deliver(readers, report, 'onClose')
  }

  /** A reader's `until` has matched: it is done, the stream may go on for others. */
  function finish(reader: Reader) {
    const view = views.get(reader.settings.viewKey)
    reader.active = false
    readers.delete(reader)
    if (view) {
      views.delete(reader.settings.viewKey)
      publishView(view, { ...IDLE_SNAPSHOT, status: 'closed', lastEventId: cursor })
    }
    const { onClose } = reader.settings
    if (onClose) deliver([{ ...reader, active: true }], report, 'onClose')
    leave(reader)
  }

  function leave(reader: Reader) {
    newest = reader.settings
    linger = Math.max(linger, newest.linger ?? 0)
    if (readers.size > 0) queueMicrotask(prune)
    // A microtask outlives a StrictMode remount and no more.
    else if (linger === 0) queueMicrotask(() => lingering === null && release())
    else lingering ??= clock.setTimeout(release, linger)
  }

  function prune() {
    if (readers.size > 0) for (const [name, view] of views) if (view.readers.size === 0) views.delete(name)
  }

  function release() {
    if (readers.size > 0) return
    lingering = null
    linger = 0
    if (connection.state.running || connection.state.retryAt !== null) {
      released = true
      connection.close()
    }
    notifier.stop()
    host.remove(stream)
  }

  const stream: Stream = {
    key,
    id,
    views,
    attach(reader, held, again) {
      const { viewKey, history = 0 } = reader.settings
      if (lingering !== null) clock.clearTimeout(lingering)
      lingering = null
      host.add(stream)
      if (process.env.NODE_ENV !== 'production' && readers.size > 0) warnOfDisagreement(oldest(), reader.settings)
      readers.add(reader)
      let view = views.get(viewKey)
      if (!view) {
        view = held ?? createView(report, finish)
        views.set(viewKey, view)
        view.publish(facts())
      }
      view.readers.add(reader)
      view.reserve(history)
      for (const type of typesOf(reader)) connection.listen(type)
      const { status } = connection.state
      // Nobody else saw it fail: to one who comes anew it is a new try.
      const anew = status === 'idle' || (status === 'failed' && readers.size === 1 && !again)
      if (released || anew) {
        released = false
        connection.start()
      }
      return view
    },
    detach(reader) {
      reader.active = false
      for (const view of views.values()) view.readers.delete(reader)
      if (readers.delete(reader)) leave(reader)
    },
    open() {
      if (readers.size > 0 && host.add(stream)) connection.start()
    },
    close() {
      released = false
      connection.close()
    },
    reconnect() {
      if (readers.size > 0 && host.add(stream)) connection.restart()
    },
    clear() {
      clearedError = connection.state.error
      for (const view of views.values()) view.clear()
      notifier.flush()
    },
    forget() {
      stream.close()
      cursor = ''
      stream.clear()
    },
    pause: connection.pause,
    resume: connection.resume,
    info() {
      const { url } = newest
      return {
        id,
        url: typeof url === 'function' ? '' : withoutSecrets(String(url)),
        status: connection.state.status,
        users: readers.size,
        events: seq,
        bytes,
        reconnects,
      }
    },
  }
  return stream
}
