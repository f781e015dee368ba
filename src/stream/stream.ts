import type { CredentialRefresh } from '../connection/credential-refresh.js'
import type { Wisher } from '../connection/transition.js'
import type { Settings } from '../options/settings.js'
import type { Clock } from '../protocol/clock.js'
import type { Page, PageChange } from '../protocol/page.js'
import type { Transport } from '../protocol/transport.js'
import type { DecodedView, StreamFacts } from './decoded-view.js'
import type { FactBody } from './fact.js'
import type { StreamInfo } from './info.js'
import type { Reader } from './readers.js'
import type { Shelf } from './persist-storage.js'
import type { Tap } from './tap.js'
import { uniqueName } from '../options/unique-name.js'
import type { SSEError } from '../protocol/errors.js'
import { call } from './callback.js'
import { createCursor } from './cursor.js'
import { createDecodedView } from './decoded-view.js'
import type { Delivery } from './delivery.js'
import { createDelivery } from './delivery.js'
import type { Feed } from './feed.js'
import { createFeed } from './feed.js'
import { infoOf, nameOf } from './info.js'
import { createLinger } from './linger.js'
import { createPersist } from './persist.js'
import { createReaders, typesOf } from './readers.js'
import { IDLE_SNAPSHOT } from './snapshot.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { createUnheardErrors } from './unheard-error.js'
import { createWish } from './wish.js'

/** One identity: one connection, its cursor, its readers, its life. */
export interface Stream {
  readonly id: string
  /** How many read it. */
  readonly users: number
  readonly views: ReadonlyMap<string, DecodedView>
  /** Another number once all that was folded from it counts no more: it starts over without a cursor. */
  readonly round: number
  /**
   * Adds a reader, and starts the stream unless someone stopped it.
   *
   * @param held - the view to read, where there is one
   * @param again - the reader has read this stream before
   */
  attach(reader: Reader, held: DecodedView | undefined, again: boolean): DecodedView
  detach(reader: Reader): void
  /** Options of a reader are others now. */
  renewed(): void
  open(): void
  close(): void
  reconnect(): void
  /** Forgets cursor and data, and connects. */
  restart(): void
  /** Empties data, history and error; never the cursor. */
  clear(): void
  /** Closes it and forgets everything, the cursor too. */
  forget(): void
  pause(): void
  resume(): void
  /** Something about the page changed. */
  page(change: PageChange): void
  info(): StreamInfo
  /** How it stands now, published or not. */
  standing(): StreamFacts
}

/** What a stream has of its client. */
export interface StreamHost {
  readonly clock: Clock
  readonly page: Page
  readonly tap: Tap
  /** Asks for fresh credentials once for all streams of the client. */
  readonly refresh: CredentialRefresh
  /** The storages of its records: what logs out empties them. */
  readonly shelves: Set<Shelf>
  /** What carries an attempt in place of the transport that was asked for. */
  wrapped(transport: Transport): Transport
  /** The current streams by identity: where a stream is as long as it is the current one. */
  readonly streams: StreamRegistry
}

/** The current streams of a client, by identity. */
export interface StreamRegistry {
  get(key: string): Stream | undefined
  set(key: string, stream: Stream): void
  delete(key: string): void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createStream(first: Settings, host: StreamHost): Stream {
  const { clock, page, streams } = host
  const { streamKey: key } = first
  const id = uniqueName('sse-')
  const readers = createReaders(first)
  /** Whose `until` has matched: what the stream is asked for again brings them back, each with the view it has alone. */
  const finished = new Map<Reader, DecodedView>()
  const cursor = createCursor(() => readers.agreement.lastEventId)
  const wish = createWish(clock)
  const tell = () => (host.tap.open ? (body: FactBody) => host.tap.tell(id, body) : null)
  const unheard =
    MODE_KNOWN && process.env.NODE_ENV !== 'production'
      ? createUnheardErrors(clock, () => nameOf(readers.oldest), () => host.tap.open || readers.list.some(({ settings }) => settings.onError))
      : null
  const persist = createPersist({
    clock,
    readers,
    cursor,
    views: () => delivery.views.values(),
    events: () => delivery.events,
    asked: () => feed.asked,
    publish: () => delivery.flush(),
    uses: (shelf) => host.shelves.add(shelf),
  })
  const delivery: Delivery = createDelivery({ clock, page, readers, cursor, facts, tell, changed: persist.changed })
  const feed: Feed = createFeed({ ...host, id, readers, cursor, delivery, persist, tell, startOver, unheard })
  const { connection } = feed
  let round = 0
  const linger = createLinger(clock, { isRead: () => readers.list.length > 0, tidy, release })
  /** It was let go while it ran: whoever takes it up again starts it again. */
  let released = false
  let clearedError: SSEError | null = null

  function facts(): StreamFacts {
    const { attempt, retryAt, reconnectReason, ...state } = feed.connection.state
    // Nobody meant what was released to end: whoever comes back starts it again.
    const status = released ? 'idle' : state.status
    const error = state.error === clearedError ? null : state.error
    return { status, error, attempt, retryAt, reconnectReason, lastEventId: cursor.value }
  }

  /** A reader's `until` has matched: it is done, the stream may go on for others. */
  function finish(reader: Reader) {
    const { settings, active } = reader
    reader.done = true
    reader.active = false
    const view = delivery.views.get(settings.viewKey)
    delivery.hide(settings.viewKey)
    const read = readers.remove(reader)
    if (read && view) finished.set(reader, view)
    if (view) delivery.publishView(view, { ...IDLE_SNAPSHOT, status: 'closed', lastEventId: cursor.value })
    // Of what it missed while the stream lingered it is not told.
    if (active && settings.onClose) call(settings.onUncaught, settings.onClose, { reason: 'until' })
    if (read) leave(reader)
    // It had left already: for nobody else the stream lingered.
    else if (readers.list.length === 0) linger.end()
  }

  function leave({ settings }: Reader) {
    tell()?.({ type: 'reader', change: 'left', readers: readers.list.length })
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production' && readers.list.length === 0) unheard?.over()
    linger.left(settings.linger)
  }

  function tidy() {
    for (const [name, view] of [...delivery.views]) if (view.readers.size === 0) delivery.hide(name)
  }

  function release() {
    wish.withdraw()
    persist.write()
    const { running, retryAt, status } = connection.state
    if (running || retryAt !== null || status === 'paused') {
      released = true
      connection.close()
    }
    if (streams.get(key) === stream) streams.delete(key)
  }

  /** Makes this the current stream of its identity; false when there is another. */
  function enter(): boolean {
    const current = streams.get(key)
    if (!current) streams.set(key, stream)
    return !current || current === stream
  }

  function join(reader: Reader, view: DecodedView) {
    const isNew = !delivery.views.has(reader.settings.viewKey)
    readers.add(reader, feed.asked)
    delivery.show(reader.settings.viewKey, view)
    view.add(reader)
    persist.joined(reader, view, isNew)
    tell()?.({ type: 'reader', change: 'joined', readers: readers.list.length })
  }

  /** What all that was folded from the stream came from counts no more. */
  function startOver() {
    round++
    persist.startOver()
    cursor.move('')
    delivery.clear(true)
    for (const view of finished.values()) view.clear()
  }

  /** For who asks for the stream again, after whatever end. */
  function wanted(begin: (by: Wisher) => void) {
    wish.make((by) => {
      if (readers.list.length + finished.size === 0 || !enter()) return
      linger.stay()
      const { status } = connection.state
      // What is asked for once is asked anew: where it stopped means nothing to the next answer.
      if (!readers.agreement.live && (status === 'closed' || status === 'failed')) startOver()
      for (const [reader, view] of [...finished]) {
        finished.delete(reader)
        reader.done = false
        reader.active = true
        join(reader, view)
      }
      released = false
      begin(by)
    })
  }

  const stream: Stream = {
    id,
    get users() {
      return readers.list.length
    },
    views: delivery.views,
    get round() {
      return round
    },
    attach(reader, held, again) {
      const { viewKey } = reader.settings
      linger.stay()
      const gone = !streams.get(key)
      enter()
      let view = delivery.views.get(viewKey)
      const isNew = !view
      view ??= held ?? createDecodedView(reader, finish, unheard)
      join(reader, view)
      if (isNew) view.publish(facts())
      typesOf(reader).forEach(connection.listen)
      const { status } = connection.state
      // Nobody else saw it fail, or end and go: to one who comes anew it is a new try.
      const anew = !again && readers.list.length === 1 && (gone || status === 'failed')
      if (released || status === 'idle' || anew) {
        released = false
        wish.make((by) => connection.start(by === 'call' ? 'reader' : by))
      }
      return view
    },
    detach(reader) {
      if (reader.active) persist.left(reader)
      reader.active = false
      finished.delete(reader)
      for (const view of delivery.views.values()) view.remove(reader)
      if (readers.remove(reader)) leave(reader)
    },
    renewed() {
      readers.renewed()
      for (const view of delivery.views.values()) view.renewed()
    },
    open: () => wanted(connection.start),
    close() {
      wish.withdraw()
      released = false
      connection.close()
    },
    reconnect: () => wanted(connection.restart),
    restart: () =>
      wanted((by) => {
        startOver()
        connection.restart(by)
        delivery.flush()
      }),
    clear() {
      const { error } = connection.state
      const shown = error !== clearedError
      clearedError = error
      for (const view of finished.values())
        if (view.clear()) delivery.publishView(view, { ...IDLE_SNAPSHOT, status: 'closed', lastEventId: cursor.value })
      // Where nothing was there nothing is published: a callback that hears of it may clear again.
      if (delivery.clear(false) || shown) delivery.flush()
    },
    forget() {
      if (readers.list.length === 0) linger.end()
      readers.oldest.transport.forget?.(id)
      startOver()
      persist.forget()
      stream.close()
      stream.clear()
    },
    pause: connection.pause,
    resume: connection.resume,
    page(change) {
      connection.onPage(change)
      if (page.visible) delivery.shown()
      // A tab that nobody sees may be killed without a word.
      if (change === 'hide' || change === 'freeze' || !page.visible) persist.write()
    },
    standing: facts,
    info() {
      const { bytes, reconnects, isOwner } = feed
      const counts = { events: delivery.events, bytes, reconnects, ...(isOwner !== undefined && { owner: isOwner }) }
      return infoOf(id, readers, connection.state.status, counts)
    },
  }
  return stream
}
