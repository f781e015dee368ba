import type { SSEEvent } from '../protocol/event.js'
import type { Reader } from './listeners.js'
import type { Layer, Settings, SourceOptions, SSESource } from './source.js'
import type { SSESnapshot } from './snapshot.js'
import type { Stream } from './stream.js'
import type { View } from './view.js'
import { uniqueName } from './identity.js'
import { settle } from './source.js'
import { IDLE_SNAPSHOT } from './snapshot.js'

/** What a binding needs of a client. */
export interface StreamRegistry {
  readonly layer: Layer
  /** The current stream of an identity. */
  find(streamKey: string): Stream | undefined
  create(settings: Settings): Stream
}

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

interface Parts {
  readonly key: string
  readonly streamKey: string
  readonly viewKey: string
  readonly history: number
  readonly report: boolean
}

export function createBinding(registry: StreamRegistry): Binding {
  const owner = uniqueName('r')
  let newest: Settings | null = null
  let reader: Reader | null = null
  let held: { key: string; stream: Stream; view: View; done: boolean } | null = null
  let parsed: Parts = { key: '', streamKey: '', viewKey: '', history: 0, report: true }

  function parse(key: string): Parts {
    if (parsed.key !== key) {
      // A seam: the key was made by settle.
      const [streamKey, viewKey, history, report] = JSON.parse(key) as [string, string, number, boolean]
      parsed = { key, streamKey, viewKey, history, report }
    }
    return parsed
  }

  /** The stream and view of a key: the one that is read or was, unless there is a newer one. */
  function place({ streamKey, viewKey }: Parts) {
    const current = registry.find(streamKey)
    const mine = held?.key === streamKey + viewKey ? held : null
    if (mine && (reader || !current || current === mine.stream)) return mine
    return { stream: current, view: current?.views.get(viewKey), done: false }
  }

  return {
    settle: (layers, source, options) => settle([registry.layer, ...layers], source, options, owner),
    update(settings) {
      newest = settings
      // An old stream keeps its own options until its reader has left it.
      if (reader && settings && held?.key === settings.streamKey + settings.viewKey) reader.settings = settings
    },
    attach(key, listen, changed) {
      if (!newest || !key) return () => {}
      const parts = parse(key)
      const { stream = registry.create(newest), view, done } = place(parts)
      // Its `until` has matched: nothing brings this reader back but another source.
      if (done) return () => {}
      const mine: Reader = { settings: newest, listen, active: true, changed }
      reader = mine
      const now = { key: parts.streamKey + parts.viewKey, stream, view: stream.attach(mine, view), done: false }
      held = now
      return () => {
        if (reader === mine) reader = null
        now.done = !mine.active
        stream.detach(mine)
      }
    },
    snapshot(key) {
      if (!key) return IDLE_SNAPSHOT
      const parts = parse(key)
      return place(parts).view?.read(parts.history, parts.report) ?? IDLE_SNAPSHOT
    },
    events: (key) => (key && place(parse(key)).view?.events()) || [],
    stream: () => held?.stream,
    open: () => held?.stream.open(),
    close: () => held?.stream.close(),
    reconnect: () => held?.stream.reconnect(),
    clear: () => held?.stream.clear(),
  }
}
