import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { OpenInfo, ResolvedRequest } from '../protocol/transport.js'
import type { Reader } from './listeners.js'
import type { SingleFlight } from './single-flight.js'
import type { Settings } from './source.js'
import type { StreamInfo } from './stream-info.js'
import type { ConnectionState } from './transition.js'
import type { StreamFacts, View } from './view.js'
import { SSEError } from '../protocol/errors.js'
import { createConnection } from './connection.js'
import { warnOfDisagreement } from './disagreement.js'
import { isOtherOrigin } from './environment.js'
import { uniqueName } from './identity.js'
import { deliver, guarded } from './listeners.js'
import { createNotifier } from './notifier.js'
import { resolveRequest } from './request.js'
import { IDLE_SNAPSHOT } from './snapshot.js'
import { withoutSecrets } from './stream-info.js'
import { createView } from './view.js'

const MAX_EVENT_SIZE = 4 * 1024 * 1024

/** One identity: one connection, its cursor, its readers, its life. */
export interface Stream {
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

/**
 * @param streams - the client's current streams by identity: where this one is as long as it is the current one
 * @param refresh - asks for fresh credentials once for all streams of the client
 */
export function createStream(
  first: Settings,
  streams: Map<string, Stream>,
  clock: Clock,
  refresh: SingleFlight,
): Stream {
  const { streamKey: key } = first
  const id = uniqueName('sse-')
  const readers = new Set<Reader>()
  const views = new Map<string, View>()
  let cursor = first.lastEventId ?? ''
  let seq = 0
  /** Times that `closeAll` came. */
  let forgotten = 0
  let bytes = 0
  let reconnects = 0
  let linger = 0
  let lingering: unknown = null
  /** It was let go while it ran: whoever takes it up again starts it again. */
  let released = false
  let newest = first
  let clearedError: unknown = null
  /** What was asked for last. */
  let sent: ResolvedRequest | null = null
  /** It opened with its cursor once: CORS is not in the way. */
  let cameBack = false
  /** What readers have not been told yet, in order. */
  const news: (() => void)[] = []
  let telling = false

  const notifier = createNotifier(clock, publish)
  const connection = createConnection({
    clock,
    settings: oldest,
    request: (afresh, signal) => ({
      id,
      clock,
      // Asked when they are needed: readers of the same commit have come by then.
      get types() {
        return [...new Set([...readers].flatMap(typesOf))]
      },
      get maxEventSize() {
        return Math.max(0, ...values('maxEventSize').map((size = MAX_EVENT_SIZE) => size)) || MAX_EVENT_SIZE
      },
      async resolve() {
        return (sent = await resolveRequest(oldest(), cursor, (ask) => (afresh ? refresh.ask(ask, signal) : ask())))
      },
    }),
    explain,
    event: receive,
    cursor(lastEventId) {
      cursor = lastEventId
      mark()
    },
    bytes: (count = 0) => void (bytes += count),
    state: onState,
  })

  /** Options that can have one value only are the oldest reader's. */
  function oldest(): Settings {
    for (const reader of readers) return reader.settings
    return newest
  }

  const values = <K extends keyof Settings>(name: K) => [...readers].map((reader) => reader.settings[name])

  /** CORS refuses to say that it was CORS: what opened without the cursor and never does with it was refused the header. */
  function explain(error: SSEError): SSEError {
    const { status, opened, attempt } = connection.state
    const suspect = error.code === 'network' && error.retryable && opened && !cameBack && attempt > 1 && status !== 'open'
    if (!suspect || !sent?.lastEventId || sent.cursorInURL || !isOtherOrigin(sent.url) || !oldest().transport.can.has('cursor')) return error
    return new SSEError(
      'resume-blocked',
      'The stream opens, but not with its cursor: answer Access-Control-Allow-Headers: Last-Event-ID, or set lastEventIdParam',
      { cause: error, retryable: true },
    )
  }

  function mark() {
    const wanted = values('notify').map((notify = 'frame') => notify)
    const fastest = (['sync', 'frame'] as const).find((notify) => wanted.includes(notify))
    guarded(oldest(), () => notifier.mark(fastest ?? wanted[0] ?? 'frame'))
  }

  function receive(raw: RawEvent) {
    let changed = raw.lastEventId !== cursor
    cursor = raw.lastEventId
    const receivedAt = clock.now()
    seq++
    const before = forgotten
    inOrder(() => {
      for (const view of [...views.values()]) if (view.receive(raw, seq, receivedAt)) changed = true
    })
    // A callback logged out: what it got then is not for others to keep.
    if (before !== forgotten) for (const view of views.values()) view.clear()
    if (changed) mark()
  }

  function facts(): StreamFacts {
    const { attempt, retryAt, reconnectReason, ...state } = connection.state
    // Nobody meant what was released to end: whoever comes back starts it again.
    const status = released ? 'idle' : state.status
    const error = state.error === clearedError ? null : state.error
    return { status, error, attempt, retryAt, reconnectReason, lastEventId: cursor }
  }

  function publish() {
    for (const view of [...views.values()]) publishView(view, facts())
  }

  function publishView(view: View, now: StreamFacts) {
    view.publish(now)
    for (const reader of [...view.readers]) if (view.readers.has(reader)) guarded(reader.settings, reader.changed)
  }

  function onState(now: ConnectionState, before: ConnectionState, info?: OpenInfo) {
    if (info) for (const view of views.values()) view.forgive()
    if (now.status === 'open' && before.status === 'reconnecting') reconnects++
    const sentCursor = !!sent?.lastEventId
    if (info && sentCursor) cameBack = true
    news.push(() => tell(now, before, sentCursor, info))
    inOrder(() => {
      // What arrived before a change of status is published before or with it. That something arrives shows by itself.
      if (!now.useful || before.useful) notifier.flush()
    })
  }

  /** One fact after the other, each to everyone: what a callback does is told after what it was told. */
  function inOrder(run: () => void) {
    if (telling) return run()
    telling = true
    try {
      run()
      for (let next = news.shift(); next; next = news.shift()) next()
    } finally {
      telling = false
    }
  }

  function tell(now: ConnectionState, before: ConnectionState, sentCursor: boolean, info?: OpenInfo) {
    if (info) deliver(readers, 'onOpen', info)
    if (info && before.opened) {
      const { transport, lastEventIdParam } = oldest()
      const resumed = info.resumed ?? (sentCursor && (transport.can.has('cursor') || lastEventIdParam !== undefined))
      deliver(readers, 'onResume', { resumed, gapPossible: !resumed })
    }
    if (now.error && now.error !== before.error) deliver(readers, 'onError', now.error)
    if (now.status === 'closed' && before.status !== 'closed') deliver(readers, 'onClose')
  }

  /** A reader's `until` has matched: it is done, the stream may go on for others. */
  function finish(reader: Reader) {
    const { settings, active } = reader
    reader.done = true
    const view = views.get(settings.viewKey)
    reader.active = false
    readers.delete(reader)
    views.delete(settings.viewKey)
    if (view) publishView(view, { ...IDLE_SNAPSHOT, status: 'closed', lastEventId: cursor })
    // Of what it missed while the stream lingered it is not told.
    if (active) guarded(settings, () => settings.onClose?.())
    leave(reader)
  }

  function leave(reader: Reader) {
    newest = reader.settings
    linger = Math.max(linger, newest.linger ?? 0)
    if (readers.size === 0 && linger > 0) lingering ??= clock.setTimeout(release, linger)
    // A microtask outlives a StrictMode remount and no more.
    else queueMicrotask(tidy)
  }

  function tidy() {
    if (readers.size > 0) {
      for (const [name, view] of views) if (view.readers.size === 0) views.delete(name)
    } else if (lingering === null) release()
  }

  function release() {
    lingering = null
    linger = 0
    if (connection.state.running || connection.state.retryAt !== null) {
      released = true
      connection.close()
    }
    if (streams.get(key) === stream) streams.delete(key)
  }

  /** Makes this the current stream of its identity; false when there is another. */
  function enter(): boolean {
    const current = streams.get(key) ?? stream
    streams.set(key, current)
    return current === stream
  }

  const stream: Stream = {
    id,
    views,
    attach(reader, held, again) {
      const { viewKey, history = 0 } = reader.settings
      clock.clearTimeout(lingering)
      lingering = null
      const gone = !streams.has(key)
      enter()
      if (process.env.NODE_ENV !== 'production' && readers.size > 0) warnOfDisagreement(oldest(), reader.settings)
      readers.add(reader)
      let view = views.get(viewKey)
      if (!view) {
        view = held ?? createView(finish)
        views.set(viewKey, view)
        view.publish(facts())
      }
      view.readers.add(reader)
      view.reserve(history, reader)
      typesOf(reader).forEach(connection.listen)
      const { status } = connection.state
      // Nobody else saw it fail, or end and go: to one who comes anew it is a new try.
      const anew = !again && readers.size === 1 && (gone || status === 'failed')
      if (released || status === 'idle' || anew) {
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
      if (readers.size > 0 && enter()) connection.start()
    },
    close() {
      released = false
      connection.close()
    },
    reconnect() {
      if (readers.size > 0 && enter()) connection.restart()
    },
    clear() {
      clearedError = connection.state.error
      for (const view of views.values()) view.clear()
      notifier.flush()
    },
    forget() {
      forgotten++
      if (readers.size === 0) {
        clock.clearTimeout(lingering)
        release()
      }
      cursor = ''
      stream.close()
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

function typesOf({ settings: { types = [], events = {} }, listen }: Reader): readonly string[] {
  return [...types, ...Object.keys(events), ...(listen ?? [])]
}
