import type { Clock } from '../protocol/clock.js'
import type { SSEEvent } from '../protocol/event.js'
import type { Reader } from './listeners.js'
import type { Layer, Settings, SourceOptions, SSESource } from './source.js'
import type { SSESnapshot } from './snapshot.js'
import type { Stream } from './stream.js'
import type { View } from './view.js'
import { uniqueName } from './identity.js'
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
}

/**
 * @param client - the options of the client, below all others
 * @param streams - its current streams by identity
 */
export function createBinding(client: Layer, streams: Map<string, Stream>, clock: Clock): Binding {
  const owner = uniqueName('r')
  let newest: Settings | null = null
  let reader: Reader | null = null
  let held: { key: string; stream: Stream; view: View; done: boolean } | null = null

  /** The stream and view of a key: the one that is read or was, unless there is a newer one. */
  function place(key: string) {
    const [streamKey = '', viewKey = '', history, onInvalid] = key.split('\n')
    const wanted = streamKey + viewKey
    const current = streams.get(streamKey)
    const { stream, view, done } =
      held?.key === wanted && (reader || !current || current === held.stream)
        ? held
        : { stream: current, view: current?.views.get(viewKey), done: false }
    return { wanted, stream, view, done, history: Number(history), withInvalid: onInvalid !== 'drop' }
  }

  return {
    settle: (layers, source, options) => settle([client, ...layers], source, options, owner),
    update(settings) {
      newest = settings
      // An old stream keeps its own options until its reader has left it.
      if (reader && settings && held?.key === settings.streamKey + settings.viewKey) reader.settings = settings
    },
    attach(key, listen, changed) {
      if (!newest || !key) return () => {}
      const { wanted, stream = createStream(newest, streams, clock), view, done } = place(key)
      // Its `until` has matched: nothing brings this reader back but another source.
      if (done) return () => {}
      const mine: Reader = { settings: newest, listen, active: true, changed }
      reader = mine
      const now = { key: wanted, stream, view: stream.attach(mine, view, held?.stream === stream), done: false }
      held = now
      return () => {
        if (reader === mine) reader = null
        now.done = !mine.active
        stream.detach(mine)
      }
    },
    snapshot(key) {
      const { view, history, withInvalid } = place(key)
      return view?.read(history, withInvalid) ?? IDLE_SNAPSHOT
    },
    events: (key) => place(key).view?.events() ?? [],
    stream: () => held?.stream,
    // One that reads nothing now acts on nothing: others may read what it read before.
    open: () => reader && held?.stream.open(),
    close: () => reader && held?.stream.close(),
    reconnect: () => reader && held?.stream.reconnect(),
    clear: () => reader && held?.stream.clear(),
  }
}
