import type { Clock } from '../protocol/clock.js'
import type { SSEEvent } from '../protocol/event.js'
import type { Transport } from '../protocol/transport.js'
import type { Binding, StreamMethods } from './binding.js'
import type { DataOf, Decoder, Decoding } from './decode.js'
import type { IdentityOptions } from './identity.js'
import type { EventMap, EventsOf, ReaderOptions, Report } from './reader.js'
import type { Layer, SourceOptions, PlainSource, SSESource, TypedSource } from './source.js'
import type { SSESnapshot } from './snapshot.js'
import type { StreamOptions } from './stream-options.js'
import type { StreamInfo } from './stream-info.js'
import type { Stream } from './stream.js'
import { systemClock } from '../protocol/clock.js'
import { createBinding } from './binding.js'
import { uniqueName } from './identity.js'
import { checkDefaults } from './misuse.js'
import { createSingleFlight } from './single-flight.js'
import { guarded } from './listeners.js'

/** Defaults for every stream of a client, or below a provider. */
export interface DefaultOptions
  extends
    Pick<IdentityOptions, 'headers' | 'credentials' | 'transport'>,
    StreamOptions,
    Pick<ReaderOptions, 'decode' | 'onInvalid' | 'history' | 'keepPreviousData'> {
  /** What relative URLs are put under; its path is kept. Default: the page. */
  baseUrl?: string | undefined
}

/** Settings of `createSSEClient`. */
export interface ClientOptions extends DefaultOptions {
  /** Default: the system's. */
  clock?: Clock | undefined
  /** Gets what users' callbacks throw. Default: `reportError`, else `console.error`. */
  onUncaught?: Report | undefined
}

/** What `client.subscribe` returns: call it to unsubscribe. */
export interface Subscription<E extends SSEEvent = SSEEvent> extends StreamMethods {
  (): void
  readonly unsubscribe: () => void
  /** What has been published last. */
  readonly getSnapshot: () => SSESnapshot<E>
}

/** Options of `client.subscribe`. */
export interface SubscribeOptions<E extends SSEEvent = SSEEvent> extends Partial<SourceOptions<E>> {
  /** Called when a new snapshot is published: at most once a frame. */
  onChange?: ((snapshot: SSESnapshot<E>) => void) | undefined
}

/** Owns streams: one connection for each identity, however many read it. */
export interface SSEClient {
  /** What it was made with. */
  readonly options: ClientOptions
  /**
   * Reads a stream without React, sharing it with everything else that reads it through this client.
   * @throws TypeError on misuse
   */
  subscribe<T = unknown, D extends Decoder = Decoder>(
    source: PlainSource<SSEEvent<DataOf<T, D>>, D>,
    options?: SubscribeOptions<SSEEvent<DataOf<T, D>>> & Decoding<D>,
  ): Subscription<SSEEvent<DataOf<T, D>>>
  subscribe<const M extends EventMap>(
    source: TypedSource<M>,
    options?: SubscribeOptions<EventsOf<M>>,
  ): Subscription<EventsOf<M>>
  /** The streams that are open, or that someone reads. */
  streams(): readonly StreamInfo[]
  /** Closes every stream and forgets cursors and data: what a logout calls. */
  closeAll(): void
  /** The place of one more reader: what hooks stand on. */
  bind(): Binding
  /** For test kits: the client to use in place of another that is given to a provider below this one's. */
  adopt?: ((client: SSEClient) => SSEClient) | undefined
}

/** Makes a client over the transport given: a bundle that uses this one in place of `createSSEClient` carries no other. */
export function createClient(options: ClientOptions & { readonly transport: Transport }): SSEClient {
  if (process.env.NODE_ENV !== 'production') checkDefaults(options)
  const { clock = systemClock, ...defaults } = options
  const layer: Layer = { options: defaults, owner: uniqueName('c') }
  const streams = new Map<string, Stream>()
  const refresh = createSingleFlight(clock)
  let epoch = 0

  const client: SSEClient = {
    options,
    bind: () => createBinding(layer, streams, clock, refresh, () => epoch),
    subscribe<T>(source: SSESource<SSEEvent<T>>, { onChange, ...own }: SubscribeOptions<SSEEvent<T>> = {}) {
      const binding = client.bind()
      const settings = binding.settle([], source, own)
      binding.update(settings)
      const key = settings?.readKey ?? ''
      // A seam: the caller vouches for T, as with json<T>().
      const getSnapshot = () => binding.snapshot(key) as SSESnapshot<SSEEvent<T>>
      let subscribed = false
      const tell = () => subscribed && onChange?.(getSnapshot())
      // Nothing is called before the caller has what this returns.
      const leave = binding.attach(key, null, () => {
        if (subscribed) return tell()
        queueMicrotask(() => guarded({ onUncaught: settings?.onUncaught }, tell))
      })
      subscribed = true
      const unsubscribe = () => {
        subscribed = false
        leave()
      }
      const { open, close, reconnect, clear } = binding
      return Object.assign(() => unsubscribe(), { unsubscribe, getSnapshot, open, close, reconnect, clear })
    },
    streams: () => [...streams.values()].map((stream) => stream.info()),
    closeAll() {
      // Readers may hold what has left the registry: they forget it too.
      epoch++
      for (const [key, stream] of [...streams]) {
        // First: who opens it again when it says that it closed makes it current again.
        streams.delete(key)
        stream.forget()
      }
    },
  }
  return client
}
