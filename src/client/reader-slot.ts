import type { Asker } from '../options/option-rules.js'
import type { Settings, Layer } from '../options/settings.js'
import type { SourceOptions, SSESource } from '../options/source.js'
import type { SSEEvent } from '../protocol/event.js'
import type { DecodedView } from '../stream/decoded-view.js'
import type { Keep, Missed, Reader } from '../stream/readers.js'
import type { SSESnapshot } from '../stream/snapshot.js'
import type { Stream, StreamHost } from '../stream/stream.js'
import { resolveSettings } from '../options/resolve-settings.js'
import { uniqueName } from '../options/unique-name.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { guarded } from '../stream/callback.js'
import { warnOfClosing } from '../stream/shared-close.js'
import { IDLE_SNAPSHOT } from '../stream/snapshot.js'
import { createStream } from '../stream/stream.js'
import { createOpaqueKeys } from './opaque-keys.js'
import { createSteadyIdentity } from './steady-identity.js'

/** Methods that act on the stream a reader reads, for all its readers. */
export interface StreamMethods {
  /** Opens the stream if it is closed or failed, from the cursor; one that is not live and has ended starts over. */
  readonly open: () => void
  /** Closes the stream: wins over everything, a retry already scheduled included. */
  readonly close: () => void
  /** Connects afresh now, from the cursor, whatever the state. */
  readonly reconnect: () => void
  /** Forgets cursor and data, and connects. */
  readonly restart: () => void
  /** Empties data, history and error; never the cursor. */
  readonly clear: () => void
}

/** What a reader asks for: its options as merged, and an opaque key for what they make it read. */
export interface AskedSource {
  readonly settings: Settings
  /** The same as long as it reads the same. Holds nothing of the options, so that it may stand anywhere. */
  readonly key: string
  /** The options before an identity that never stays was kept from changing. */
  readonly wanted: Settings
}

/**
 * The place of one hook or subscription: it may read one stream at a time, and remembers the last.
 *
 * @internal
 */
export interface ReaderSlot extends StreamMethods {
  /**
   * @param asker - what it is that asks, where it takes options that others do not
   * @param asks - changes when the answer may, though all else is the same: for callers that remember answers
   */
  ask(
    layers: readonly Layer[],
    source: SSESource,
    options: Partial<SourceOptions> | undefined,
    asker?: Asker,
    asks?: number,
  ): AskedSource | null
  /**
   * Takes the newest options: closures, and what the next attempt asks.
   *
   * @param hear - the listener of who reads, beside `onMessage` of the options
   * @param missed - hears of gaps and resets, beside the options' callbacks
   * @param keep - the state that is kept under the name `persistAs` of the options
   */
  update(asked: AskedSource | null, hear?: Listener, missed?: ((why: Missed) => void) | null, keep?: Keep | null): void
  /**
   * Reads the stream that the newest options name, until the function returned is called.
   *
   * @param listen - the event types that the listener is for; `null` for all
   * @param snapshots - whether it looks at snapshots
   */
  attach(key: string, listen: readonly string[] | null, snapshots: boolean, changed: () => void): () => void
  snapshot(key: string): SSESnapshot
  /** The events of a key that someone keeps right now, oldest first. */
  events(key: string): readonly SSEEvent[]
  /** The stream and view of a key; how much of it is kept makes no difference here. */
  source(key: string): string
  stream(): Stream | undefined
  /** Another number once the client has forgotten everything. */
  readonly epoch: () => number
  /** Runs a function of the reader's, as callbacks are run: what it throws goes to `onUncaught`. */
  guard<T>(run: () => T): T | undefined
  /** Takes what tells whether the next render would show something else than the screen does. */
  shows(isNews: () => boolean): void
  /** A render that asked for this is on screen. */
  committed(asked: AskedSource | null): void
}

/** Hears events as they come; `null` where nobody does. */
export type Listener = ((data: unknown, event: SSEEvent) => void) | null

/** What a slot reads, or read last. */
interface Place {
  readonly source: string
  readonly stream: Stream
  readonly view: DecodedView
  readonly reader: Reader
  /** The epoch of the client up to which it has heard of every logout. */
  epoch: number
}

/**
 * Where a slot stands:
 *
 * - `empty`: it has read nothing
 * - `reading`: it reads `place`, or its `until` has matched there and it waits to be asked again
 * - `away`: it has left `place`, and would find it again
 * - `gone`: the same, but has had no source since: what it reads next is new to it
 */
type State =
  | { readonly is: 'empty' }
  | { readonly is: 'reading' | 'away' | 'gone'; readonly place: Place }

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
/**
 * @param client - the options of the client, below all others
 * @param epoch - how often the client has forgotten everything
 * @param again - renders once more
 */
export function createReaderSlot(
  client: Layer,
  host: StreamHost,
  epoch: () => number,
  again: () => void = () => {},
): ReaderSlot {
  const owner = uniqueName('r')
  const keys = createOpaqueKeys()
  const steady = createSteadyIdentity(host.clock, again)
  let newest: AskedSource | null = null
  let listener: Listener = null
  let onMissed: ((why: Missed) => void) | null = null
  let kept: Keep | null = null
  /** It was closed before it read: a child's effects run before its parent's. */
  let closedEarly = false
  let state: State = { is: 'empty' }
  let rejoin = (): void => {}
  /** A publication of ours is why the next render comes, as far as we know. */
  let ours = false
  let isNews = () => false

  /** What a slot remembers of a source that it reads or read. */
  function remembered(source: string, current: Stream | undefined): Place | null {
    if (state.is === 'empty' || state.place.source !== source) return null
    const { place, is } = state
    const { done } = place.reader
    // A logout reaches who reads; who is done or away has to look.
    if (is === 'reading' && !done) return place
    if (place.epoch !== epoch()) return null
    if (is === 'reading') return place
    // What its `until` ended stays ended, unless it had no source meanwhile; else a newer stream is the one to read.
    const stays = done ? is === 'away' : !current || current === place.stream
    return stays ? place : null
  }

  /** The stream and view of a key: the one that is read or was, unless there is a newer one. */
  function find(key: string) {
    const target = keys.target(key)
    const current = host.streams.get(target.streamKey)
    const known = remembered(target.source, current)
    const { stream, view } = known ?? { stream: current, view: current?.views.get(target.viewKey) }
    return { target, stream, view, done: known?.reader.done === true }
  }

  /** Begins to read; gives what ends it. `anew`: also what its `until` has ended. */
  function join(key: string, listen: readonly string[] | null, snapshots: boolean, changed: () => void, anew: boolean) {
    if (!newest || !key) return () => {}
    const { settings } = newest
    const { target, stream = createStream(settings, host), view, done } = find(key)
    // Its `until` has matched: nothing brings this reader back but another source, or being asked for again.
    if (done && !anew) return () => {}
    const known = state.is === 'away' && state.place.stream === stream
    const hear = listener && ((data: unknown, event: SSEEvent) => listener?.(data, event))
    const missed = onMissed && ((why: Missed) => onMissed?.(why))
    const reader: Reader = { settings, listen, hear, missed, keep: kept, snapshots, active: true, done: false, changed }
    const place = { source: target.source, stream, view: stream.attach(reader, view, known), reader, epoch: epoch() }
    state = { is: 'reading', place }
    if (closedEarly) stream.close()
    closedEarly = false
    return () => {
      if (state.is === 'reading' && state.place === place) state = { is: newest ? 'away' : 'gone', place }
      // A logout while it read has reached it.
      if (!reader.done) place.epoch = epoch()
      stream.detach(reader)
    }
  }

  /** Acts on what is read. One that reads nothing now acts on nothing: others may read what it read before. */
  const act = (name: keyof StreamMethods) => () => {
    if (state.is !== 'reading') {
      // One that has read before leaves to others what they read now.
      closedEarly = name === 'close' && newest !== null && state.is === 'empty'
      return
    }
    const { stream, reader } = state.place
    // What its `until` has ended it can ask for again, and no more: others may read on.
    if (reader.done && (name === 'close' || name === 'clear')) return
    const current = host.streams.get(reader.settings.streamKey)
    if (MODE_KNOWN && process.env.NODE_ENV !== 'production' && name === 'close') warnOfClosing(stream, reader)
    // After `closeAll` others may have begun anew: this reader goes over to them.
    if (current && current !== stream && name !== 'close' && name !== 'clear') {
      rejoin()
      // It may have ended meanwhile.
      current.open()
    } else stream[name]()
  }

  return {
    ask(layers, source, options, asker) {
      const wanted = resolveSettings([client, ...layers], source, options, owner, asker)
      if (!wanted) return null
      const settings = steady.hold(wanted)
      return { settings, key: keys.key(settings), wanted }
    },
    update(asked, hear = null, missed = null, keep = null) {
      newest = asked
      listener = hear
      onMissed = missed
      kept = keep
      if (state.is === 'away' && !asked) state = { is: 'gone', place: state.place }
      // An old stream keeps its own options until its reader has left it.
      if (state.is !== 'reading' || !asked || state.place.source !== keys.target(asked.key).source) return
      state.place.reader.settings = asked.settings
      state.place.stream.renewed()
    },
    attach(key, listen, snapshots, changed) {
      const heard = () => {
        ours ||= isNews()
        changed()
      }
      let leave = join(key, listen, snapshots, heard, false)
      ours ||= isNews()
      rejoin = () => {
        leave()
        leave = join(key, listen, snapshots, heard, true)
        heard()
      }
      return () => {
        steady.leave()
        leave()
      }
    },
    snapshot(key) {
      const { view, target } = find(key)
      return view?.read(target.history, target.withInvalid) ?? IDLE_SNAPSHOT
    },
    events: (key) => find(key).view?.events() ?? [],
    source: (key) => keys.target(key).source,
    stream: () => (state.is === 'empty' ? undefined : state.place.stream),
    epoch,
    // In a first render nobody has said more than the client.
    guard: (run) => guarded(newest?.settings.onUncaught ?? client.options.onUncaught, run),
    shows(news) {
      isNews = news
    },
    committed(asked) {
      const byUs = ours
      ours = false
      steady.commit(asked?.wanted ?? null, byUs)
    },
    open: act('open'),
    close: act('close'),
    reconnect: act('reconnect'),
    restart: act('restart'),
    clear: act('clear'),
  }
}
