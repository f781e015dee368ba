import type { Decoder } from '../options/decoder.js'
import type { DefaultOptions } from '../options/default-options.js'
import type { DataIn, EventMap, EventsIn, Reading, Report, Unread } from '../options/reader-options.js'
import type { Layer } from '../options/settings.js'
import type { SourceOf, SSESource } from '../options/source.js'
import type { Clock } from '../protocol/clock.js'
import type { Page } from '../protocol/page.js'
import type { Transport } from '../protocol/transport.js'
import type { Fact } from '../stream/fact.js'
import type { StreamInfo } from '../stream/info.js'
import type { ReaderSlot } from './reader-slot.js'
import type { SubscribeOptions, Subscription } from './subscribe.js'
import type { ClientInside } from './watch.js'
import type { World } from './lent-world.js'
import { createCredentialRefresh } from '../connection/credential-refresh.js'
import { checkArguments, checkDefaults } from '../options/check-options.js'
import { uniqueName } from '../options/unique-name.js'
import { systemClock } from '../protocol/clock.js'
import { systemPage } from '../protocol/page.js'
import type { Shelf } from '../stream/persist-storage.js'
import { forgetRecords } from '../stream/persist-storage.js'
import { createTap } from '../stream/tap.js'
import { createReaderSlot } from './reader-slot.js'
import { createRegistry } from './registry.js'
import { subscribe } from './subscribe.js'
import { createWorld } from './lent-world.js'

/** Settings of `createSSEClient`. */
export interface ClientOptions extends DefaultOptions {
  /** Default: the system's. */
  clock?: Clock | undefined
  /** What is known of the page: whether it shows, is online or frozen. Default: the browser's, where there is one. */
  page?: Page | undefined
  /** Gets what users' callbacks throw. Default: `reportError`, else `console.error`. */
  onUncaught?: Report | undefined
}

/** Owns streams: one connection for each identity, however many read it. */
export interface SSEClient {
  /** What it was made with. */
  readonly options: ClientOptions
  /**
   * Reads a stream without React, sharing it with everything else that reads it through this client.
   * @throws TypeError on misuse
   */
  subscribe<T = unknown, D extends Decoder = Decoder, const M extends EventMap = never>(
    source: SourceOf<T, D, M>,
    options?: Unread<SubscribeOptions<EventsIn<T, D, M>, DataIn<T, D, M>>> & Reading<D, M>,
  ): Subscription<EventsIn<T, D, M>>
  /** The streams that are open, or that someone reads. */
  streams(): readonly StreamInfo[]
  /**
   * Every stream that someone reads connects afresh, those that failed or were refused included: what a login calls, or
   * another tenant. `restart`: without its cursor and data.
   */
  reconnectAll(options?: { readonly restart?: boolean | undefined }): void
  /** Closes every stream and forgets cursors and data: what a logout calls. */
  closeAll(): void
  /** Hears everything that happens to every stream, as data. Gives what stops it. Costs nothing while nobody does. */
  observe(listener: (fact: Fact) => void): () => void
  /**
   * Asked for the transport of every attempt from now on: for those who must change what happens. The one given last is
   * the outermost. Gives what takes it out again.
   */
  wrap(wrapper: (transport: Transport) => Transport): () => void
  /**
   * The place of one more reader: what hooks stand on.
   *
   * @param again - renders once more, where rendering is what asks
   * @internal
   */
  bind(again?: () => void): ReaderSlot
  /**
   * What its streams have of it, and all of them: for parts that only some import.
   *
   * @internal
   */
  readonly inside: ClientInside
  /**
   * For test kits: time, page and network of the client are these from now on, below all that `wrap` was given; what
   * runs connects afresh. `null`: they are its own again.
   *
   * @internal
   */
  lend(world: World | null): void
  /**
   * For test kits: told of every client that is given to a provider below this one's, before it is used.
   *
   * @internal
   */
  adopt?: ((client: SSEClient) => void) | undefined
}

/**
 * Makes a client over the transport given: a bundle that uses this one in place of `createSSEClient` carries no other.
 *
 * @example
 * ```tsx
 * import { createClient } from 'eventwire/core'
 * import { nativeTransport } from 'eventwire/native'
 *
 * const client = createClient({ transport: nativeTransport() })
 * client.subscribe('/events', { types: ['tick'], onMessage: (data) => console.log(data) })
 * ```
 */
export function createClient(options: ClientOptions & { readonly transport: Transport }): SSEClient {
  checkDefaults(options)
  const { clock: ownClock = systemClock, page: ownPage = systemPage, ...defaults } = options
  const { clock, page, carry, lend } = createWorld({ clock: ownClock, page: ownPage, carry: (transport) => transport })
  const layer: Layer = { options: defaults, owner: uniqueName('c') }
  const registry = createRegistry(page)
  const tap = createTap(clock.now, options.onUncaught)
  const wrappers = new Set<{ readonly wrap: (transport: Transport) => Transport }>()
  let epoch = 0
  const forgets = new Set<() => void>()
  const host = {
    clock,
    page,
    tap,
    refresh: createCredentialRefresh(clock),
    streams: registry,
    shelves: new Set<Shelf>(),
    all: () => registry.streams,
    epoch: () => epoch,
    onForget(listener: () => void) {
      forgets.add(listener)
      return () => void forgets.delete(listener)
    },
    wrapped: (transport: Transport) => [...wrappers].reduce((inner, { wrap }) => wrap(inner), carry(transport)),
  }

  const client: SSEClient = {
    options,
    bind: (again) => createReaderSlot(layer, host, host.epoch, again),
    // A seam: the signature ties what options take to the source.
    subscribe: ((source: SSESource, given?: SubscribeOptions) => subscribe(client.bind(), source, given)) as SSEClient['subscribe'],
    streams: () => registry.streams.map((stream) => stream.info()),
    reconnectAll(how) {
      const restart = how?.restart === true
      for (const stream of registry.streams) if (restart) stream.restart()
      else stream.reconnect()
    },
    closeAll() {
      // Readers may hold what has left the registry: they forget it too.
      epoch++
      registry.forgetAll()
      for (const forgotten of [...forgets]) forgotten()
      forgetRecords(host.shelves, options.onUncaught)
    },
    observe(observer) {
      checkArguments({ observer })
      return tap.observe(observer)
    },
    inside: host,
    wrap(wrapper) {
      checkArguments({ wrapper })
      const own = { wrap: wrapper }
      wrappers.add(own)
      return () => void wrappers.delete(own)
    },
    lend(world) {
      lend(world)
      registry.moved()
      for (const stream of registry.streams) if (stream.users > 0) stream.reconnect()
      else stream.forget()
    },
  }
  return client
}
