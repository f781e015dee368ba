import type { SSEEvent } from '../protocol/event.js'
import type { Decoder, Decoding } from './decoder.js'
import type { IdentityOptions } from './identity.js'
import type { EventMap, EventsOf, ReaderOptions } from './reader-options.js'
import type { StreamOptions } from './stream-options.js'

/** Everything that may be said of a stream in one object, `url` included. */
export interface SourceOptions<E extends SSEEvent = SSEEvent>
  extends IdentityOptions, StreamOptions, ReaderOptions<E> {}

/** A stream described once: what `defineSSE` returns. */
export interface SSEDefinition<M extends EventMap = EventMap> extends IdentityOptions, StreamOptions {
  readonly events: M
}

/** What says "not now" in place of a source; so does `''`. */
export type Falsy = null | undefined | false

/** Whether it says so. 0 and NaN do not: they are mistakes. */
export function isNotNow(source: unknown): source is Falsy | '' {
  return source === null || source === undefined || source === false || source === ''
}

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
