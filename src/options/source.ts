import type { SSEEvent } from '../protocol/event.js'
import type { Decoder, Decoding } from './decoder.js'
import type { IdentityOptions } from './identity.js'
import type { DataIn, EventMap, EventsIn, EventsOf, ReaderOptions, Reading, Unread } from './reader-options.js'
import type { StreamOptions } from './stream-options.js'

/** Everything that may be said of a stream in one object, `url` included. */
export interface SourceOptions<E extends SSEEvent = SSEEvent, T = E['data']>
  extends IdentityOptions, StreamOptions, ReaderOptions<E, T> {}

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

/** A `URL`. Where `url` is written down it is none, so that editors offer nothing of it inside an options object. */
export type URLObject = URL & { readonly url?: undefined }

/** An options object with `url`, and what it says of its events. */
export interface SourceObject<T, D extends Decoder, M extends EventMap>
  extends Unread<SourceOptions<EventsIn<T, D, M>, DataIn<T, D, M>>>, Reading<D, M> {}

/** What hooks take: a source whose type says what its events are. */
export type SourceOf<T, D extends Decoder, M extends EventMap> =
  | string
  | URLObject
  | SSEDefinition<M>
  | SourceObject<T, D, M>
  | Falsy

/** An options object with `events` in it, typed by them. */
export type MappedSource<M extends EventMap> = Omit<SourceOptions<EventsOf<M>>, 'events' | 'decode'> & { readonly events: M }

/** A source that declares no event types. */
export type PlainSource<E extends SSEEvent = SSEEvent, D extends Decoder = Decoder> =
  | string
  | URLObject
  | (SourceOptions<E> & { readonly events?: undefined } & Decoding<D>)
  | Falsy

/** What hooks and `client.subscribe` take: a URL, an options object with `url`, a definition, or nothing for now. */
export type SSESource<E extends SSEEvent = SSEEvent> = string | URLObject | SourceOptions<E> | SSEDefinition | Falsy

/** A source that declares event types; any source where nobody knows which. */
export type TypedSource<M extends EventMap> =
  | SSEDefinition<M>
  | MappedSource<M>
  | (string extends keyof M ? SSESource : never)
  | Falsy
