import type { Clock } from '../protocol/clock.js'
import type { SSEEvent } from '../protocol/event.js'
import type { Reader } from './listeners.js'
import type { SingleFlight } from './single-flight.js'
import type { Layer, Settings, SourceOptions, SSESource } from './source.js'
import type { SSESnapshot } from './snapshot.js'
import type { Stream } from './stream.js'
import type { View } from './view.js'
import { uniqueName } from './identity.js'
import { guarded } from './listeners.js'
import { settle } from './source.js'
import { IDLE_SNAPSHOT } from './snapshot.js'
import { createStream } from './stream.js'

/** Methods that act on the stream a reader reads, for all its readers. */
export interface StreamMethods {
  /** Opens the stream if it is closed or failed, from the cursor. */
  readonly open: () => void
  /** Closes the stream: wins over everything, a retry already scheduled included. */
  readonly close: () => void
  /** Connects afresh now, from the cursor, whatever the state. */
  readonly reconnect: () => void
  /** Empties data, history and error; never the cursor. */
  readonly clear: () => void
}

/** The place of one hook or subscription: it may read one stream at a time, and remembers the last. */
export interface Binding extends StreamMethods {
  settle(layers: readonly Layer[], source: SSESource, options: Partial<SourceOptions> | undefined): Settings | null
  /** Takes the newest options: closures, and what the next attempt asks. */
  update(settings: Settings | null): void
  /**
   * Reads the stream that the newest options name, until the function returned is called.
   *
   * @param listen - the event types `onMessage` is for; `null` for all
   */
  attach(key: string, listen: readonly string[] | null, changed: () => void): () => void
  snapshot(key: string): SSESnapshot
  /** The events of a key that someone keeps right now, oldest first. */
  events(key: string): readonly SSEEvent[]
  stream(): Stream | undefined
  /** Another number once the client has forgotten everything. */
  readonly epoch: () => number
  /** Runs a function of the reader's, as callbacks are run: what it throws goes to `onUncaught`. */
  guard(run: () => void): void
}

/**
 * @param client - the options of the client, below all others
 * @param streams - its current streams by identity
 * @param refresh - asks for fresh credentials once for all its streams
 * @param epoch - how often the client has forgotten everything
 */
export function createBinding(
  client: Layer,
  streams: Map<string, Stream>,
  clock: Clock,
  refresh: SingleFlight,
  epoch: () => number,
): Binding {
  const owner = uniqueName('r')
  let newest: Settings | null = null
  let reader: Reader | null = null
  /** What it reads, or read last. */
  let held: { key: string; stream: Stream; view: View; reader: Reader; epoch: number } | null = null
  /** It has had no source since then: what it reads next is new to it. */
  let left = false
  let rejoin = (): void => {}

  /** Whether what it read last is still the thing to read. */
  function remembers(wanted: string, current: Stream | undefined): boolean {
    if (held?.key !== wanted) return false
    if (reader) return !reader.done || held.epoch === epoch()
    // What a logout ended is not brought back, nor what its `until` ended once it had no source.
    return held.epoch === epoch() && (held.reader.done ? !left : !current || current === held.stream)
  }

  /** The stream and view of a key: the one that is read or was, unless there is a newer one. */
  function place(key: string) {
    const [streamKey = '', viewKey = '', history, onInvalid] = key.split('\n')
    const wanted = streamKey + viewKey
    const current = streams.get(streamKey)
    const known = held && remembers(wanted, current) ? held : null
    const { stream, view } = known ?? { stream: current, view: current?.views.get(viewKey) }
    return { wanted, stream, view, done: known?.reader.done, history: Number(history), withInvalid: onInvalid !== 'drop' }
  }

  /** Begins to read; gives what ends it. */
  function join(key: string, listen: readonly string[] | null, changed: () => void): () => void {
    if (!newest || !key) return () => {}
    const { wanted, stream = createStream(newest, streams, clock, refresh), view, done } = place(key)
    // Its `until` has matched: nothing brings this reader back but another source.
    if (done) return () => {}
    const again = !left && held?.stream === stream
    left = false
    const mine: Reader = { settings: newest, listen, active: true, done: false, changed }
    reader = mine
    const now = { key: wanted, stream, view: stream.attach(mine, view, again), reader: mine, epoch: epoch() }
    held = now
    return () => {
      if (reader === mine) reader = null
      // A logout while it read has reached it.
      if (!mine.done) now.epoch = epoch()
      stream.detach(mine)
    }
  }

  const act = (name: keyof StreamMethods) => () => {
    // One that reads nothing now acts on nothing: others may read what it read before.
    if (!reader?.active || !held) return
    const current = streams.get(reader.settings.streamKey)
    // After `closeAll` others may have begun anew: this reader goes over to them.
    if (current && current !== held.stream && (name === 'open' || name === 'reconnect')) {
      rejoin()
      // It may have ended meanwhile.
      held.stream.open()
    } else held.stream[name]()
  }

  return {
    settle: (layers, source, options) => settle([client, ...layers], source, options, owner),
    update(settings) {
      newest = settings
      left ||= !settings
      // An old stream keeps its own options until its reader has left it.
      if (reader && settings && held?.key === settings.streamKey + settings.viewKey) reader.settings = settings
    },
    attach(key, listen, changed) {
      let leave = join(key, listen, changed)
      rejoin = () => {
        leave()
        leave = join(key, listen, changed)
        changed()
      }
      return () => leave()
    },
    snapshot(key) {
      const { view, history, withInvalid } = place(key)
      return view?.read(history, withInvalid) ?? IDLE_SNAPSHOT
    },
    events: (key) => place(key).view?.events() ?? [],
    stream: () => held?.stream,
    epoch,
    guard(run) {
      if (newest) guarded(newest, run)
    },
    open: act('open'),
    close: act('close'),
    reconnect: act('reconnect'),
    clear: act('clear'),
  }
}
