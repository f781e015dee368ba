import type { ClientOptions, SSEClient } from './core/client.js'
import type { Decoded, Decoder } from './core/decode.js'
import type { OpenOptions } from './core/open.js'
import type { EventMap, EventsOf } from './core/reader.js'
import type { SSEEvent } from './protocol/event.js'
import { createClient } from './core/client.js'
import { iterate } from './core/open.js'
import { fetchTransport } from './transports/fetch.js'

export type { RetryContext, RetryOptions, RetryPolicy } from './core/backoff.js'
export type { Binding, StreamMethods } from './core/binding.js'
export type { ClientOptions, DefaultOptions, SSEClient, SubscribeOptions, Subscription } from './core/client.js'
export type { DataOf, Decoded, DecodeFunction, Decoder, Decoding, StandardSchema } from './core/decode.js'
export type { Asked, Body, HeaderValues, IdentityOptions } from './core/identity.js'
export type { Notify } from './core/notifier.js'
export type { OpenOptions } from './core/open.js'
export type { EventMap, EventsOf, ReaderOptions, Resumption } from './core/reader.js'
export type {
  Falsy,
  Layer,
  MappedSource,
  PlainSource,
  Settings,
  SourceOptions,
  SSEDefinition,
  SSESource,
  TypedSource,
} from './core/source.js'
export type { SSESnapshot } from './core/snapshot.js'
export type { StreamInfo } from './core/stream-info.js'
export type { StreamOptions } from './core/stream-options.js'
export type { ReconnectReason, Status } from './core/transition.js'
export type { Clock } from './protocol/clock.js'
export type { SSEErrorCode, SSEErrorInit } from './protocol/errors.js'
export type { RawEvent, SSEEvent } from './protocol/event.js'
export type { Parser, ParserOptions } from './protocol/parser-interface.js'
export type {
  Capability,
  CredentialsMode,
  OpenInfo,
  RequestBody,
  RequestHeaders,
  ResolvedRequest,
  Transport,
  TransportAttempt,
  TransportRequest,
  TransportSink,
  WaitingInfo,
} from './protocol/transport.js'
export type { FetchTransportOptions } from './transports/fetch.js'

export { IDLE_SNAPSHOT } from './core/snapshot.js'
export { createClient } from './core/client.js'
export { json, text } from './core/decode.js'
export { defineSSE } from './core/source.js'
export { SSEError } from './protocol/errors.js'
export { createParser } from './protocol/parser.js'
export { fetchTransport } from './transports/fetch.js'
export { checkRequest, requestError } from './transports/check-request.js'
export { defectError, networkError } from './transports/network-error.js'
export { askRequest, fetchInit, leavesCursorOut } from './transports/request.js'
export { refusalOf, responseError } from './transports/response.js'

/** Makes a client. Without a `transport` it uses {@link fetchTransport}. */
export function createSSEClient(options: ClientOptions = {}): SSEClient {
  return createClient({ ...options, transport: options.transport ?? fetchTransport() })
}

/**
 * Reads a stream of its own, shared with nobody, as an async iterable. Connects at the first `next`. Ends when the
 * stream is `closed` and when `signal` aborts; `break`, `return` and the signal release the connection. At most
 * 1,024 events wait, then the server does (65,536 with a transport that can't make it wait).
 *
 * @throws SSEError when the stream is `failed`, or events wait past the bound
 * @throws TypeError on misuse
 */
export function openSSE<const M extends EventMap>(
  options: Omit<OpenOptions, 'events' | 'decode'> & { events: M },
): AsyncGenerator<EventsOf<M>, void, undefined>
export function openSSE<D extends Decoder>(
  options: Omit<OpenOptions, 'decode'> & { decode: D },
): AsyncGenerator<SSEEvent<Decoded<D>>, void, undefined>
export function openSSE<T = unknown>(options: OpenOptions): AsyncGenerator<SSEEvent<T>, void, undefined>
export function openSSE(options: OpenOptions): AsyncGenerator<SSEEvent, void, undefined> {
  return iterate(createSSEClient(), options)
}
