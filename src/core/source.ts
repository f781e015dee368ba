import type { SSEEvent } from '../protocol/event.js'
import type { CredentialsMode, Transport } from '../protocol/transport.js'
import type { RetryOptions } from './backoff.js'
import type { Decoder, Decoding } from './decode.js'
import type { Asked, Body, HeaderValues, IdentityOptions } from './identity.js'
import type { EventMap, EventsOf, ReaderOptions, Report } from './reader.js'
import type { StreamOptions } from './stream-options.js'
import { sharedName } from './decode.js'
import { comparable, headersByName, uniqueName } from './identity.js'
import { checkOptions } from './misuse.js'

/** Everything that may be said of a stream in one object, `url` included. */
export interface SourceOptions<E extends SSEEvent = SSEEvent>
  extends IdentityOptions, StreamOptions, ReaderOptions<E> {}

/** A stream described once: what `defineSSE` returns. */
export interface SSEDefinition<M extends EventMap = EventMap> extends IdentityOptions, StreamOptions {
  readonly events: M
}

/** What says "not now" in place of a source; so does `''`. */
export type Falsy = null | undefined | false

/** An options object with `events` in it, typed by them. */
export type MappedSource<M extends EventMap> = Omit<SourceOptions<EventsOf<M>>, 'events' | 'decode'> & { readonly events: M }

/** A source that declares no event types. */
export type PlainSource<E extends SSEEvent = SSEEvent, D extends Decoder = Decoder> =
  | string
  | URL
  | (SourceOptions<E> & { readonly events?: undefined } & Decoding<D>)
  | Falsy

/** What hooks and `client.subscribe` take: a URL, an options object with `url`, a definition, or nothing for now. */
export type SSESource<E extends SSEEvent = SSEEvent> = string | URL | SourceOptions<E> | SSEDefinition | Falsy

/** A source that declares event types; any source where nobody knows which. */
export type TypedSource<M extends EventMap> =
  | SSEDefinition<M>
  | MappedSource<M>
  | (string extends keyof M ? SSESource : never)
  | Falsy

/** Options from one place. Later layers lie over earlier ones. */
export interface Layer {
  readonly options: Partial<SourceOptions> & {
    readonly baseUrl?: string | undefined
    readonly onUncaught?: Report | undefined
  }
  readonly owner: string
}

/** All options that apply to one reader of one stream, merged, with the keys they amount to. */
export interface Settings extends StreamOptions, ReaderOptions {
  readonly baseUrl: string | undefined
  readonly onUncaught: Report | undefined
  readonly url: Asked<string | URL>
  readonly method: string
  readonly live: boolean
  /** The settings of `retry`; a function has none but the defaults. */
  readonly retryOptions: RetryOptions
  /** Whether a function can be asked for other credentials after a 401. */
  readonly canAsk: boolean
  readonly body: Asked<Body | null> | undefined
  readonly credentials: CredentialsMode | undefined
  /** Every layer's, the outermost first. */
  readonly headers: readonly Asked<HeaderValues>[]
  readonly transport: Transport
  /** The stream's identity. In memory only: it holds header values. */
  readonly streamKey: string
  /** The decoder set's. Streams hold one view for each. */
  readonly viewKey: string
  /** All that makes a reader read something else when it changes: stream, view and what it keeps. */
  readonly readKey: string
}

const definitions = new WeakMap<object, string>()

/**
 * Describes a stream and its event types once. Hooks take the definition as their source, and all
 * that use it share one connection, functions for `headers` or `url` included.
 *
 * @throws TypeError when `url` or `events` is missing
 */
export function defineSSE<const M extends EventMap>(definition: SSEDefinition<M>): SSEDefinition<M> {
  if (!definition?.url || !definition.events) throw new TypeError('defineSSE needs { url, events }')
  const frozen = Object.freeze({ ...definition })
  definitions.set(frozen, uniqueName('d'))
  return frozen
}

/**
 * Merges what clients and providers, a source and a hook's own options say.
 *
 * @param defaults - the layers above, outermost first
 * @param owner - the hook or subscription that asks
 * @returns `null` when there is nothing to connect to now
 * @throws TypeError on misuse, with what to do instead
 */
export function settle(
  defaults: readonly Layer[],
  source: SSESource,
  options: Partial<SourceOptions> | undefined,
  owner: string,
): Settings | null {
  if (!source) return null
  const described = typeof source === 'string' || source instanceof URL ? { url: source } : source
  const layers: Layer[] = [...defaults, { options: described, owner: definitions.get(described) ?? owner }]
  if (options) layers.push({ options, owner })

  const merged: Record<string, unknown> = {}
  const owners: Record<string, string> = {}
  const headers: Asked<HeaderValues>[] = []
  const fixed: Record<string, string | null> = {}
  /** Who gave functions for headers. */
  const askers: string[] = []
  for (const { options: given, owner: giver } of layers) {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue
      merged[name] = value
      owners[name] = giver
    }
    if (!given.headers) continue
    headers.push(given.headers)
    if (typeof given.headers === 'function') askers.push(giver)
    else Object.assign(fixed, headersByName(given.headers))
  }
  // A seam: the object was built from these very types, a name at a time.
  const all = merged as unknown as SourceOptions & Pick<Settings, 'baseUrl' | 'onUncaught' | 'transport' | 'body' | 'credentials'>
  // What is misused is misused from the first run on; transports refuse by themselves, in production too.
  if (process.env.NODE_ENV !== 'production')
    checkOptions(
      all,
      layers.slice(defaults.length).map((layer) => layer.options),
      askers.length > 0 || Object.values(fixed).some((value) => value !== null),
    )
  const { url, body, key, credentials, transport, baseUrl, events, decode, history = 0, onInvalid } = all
  if (all.enabled === false || !url) return null

  const method = all.method?.toUpperCase() ?? (body == null ? 'GET' : 'POST')
  // A stream can be sent once.
  const once = typeof ReadableStream === 'function' && (body as unknown) instanceof ReadableStream
  const canAsk = !once && (typeof url === 'function' || typeof body === 'function' || askers.length > 0)
  const write = (name: string, value: unknown) => comparable(value, key ?? owners[name] ?? owner)
  // JSON has no line ends of its own, so they can part what keys are made of.
  const streamKey = JSON.stringify([
    key,
    baseUrl,
    method,
    credentials ?? 'same-origin',
    // Without functions, what is left out is not there.
    JSON.stringify(fixed, Object.keys(fixed).filter((name) => fixed[name] !== null || askers.length > 0).sort()),
    key == null ? askers : askers.length,
    write('url', url),
    write('body', body),
    write('transport', [transport.name, transport.options]),
  ])
  // A reader that ends by itself has a view of its own; so has one whose decoders can't be compared.
  const viewKey =
    (all.until ? undefined : events ? owners['events'] : (sharedName(decode) ?? owners['decode'])) ?? owner
  const readKey = [streamKey, viewKey, history, onInvalid].join('\n')
  return {
    ...all,
    method,
    live: all.live ?? method === 'GET',
    retryOptions: typeof all.retry === 'function' ? {} : (all.retry ?? {}),
    canAsk,
    headers,
    streamKey,
    viewKey,
    readKey,
  }
}
