import type { ClientOptions, SSEClient } from './client/client.js'
import type { OpenOptions } from './client/iterate.js'
import type { ReadOptions } from './client/read-response.js'
import type { SSERequest, SSERequestOptions } from './client/sse-request-interface.js'
import type { Decoder } from './options/decoder.js'
import type { EventMap, EventsIn, Reading, Unread } from './options/reader-options.js'
import type { SSEDefinition, URLObject } from './options/source.js'
import type { SSEEvent } from './protocol/event.js'
import { createClient } from './client/client.js'
import { iterate } from './client/iterate.js'
import { readResponse } from './client/read-response.js'
import { createRequest } from './client/sse-request.js'
import { checkDefaults } from './options/check-options.js'
import { fetchTransport } from './transports/fetch.js'

export type { ClientOptions, SSEClient } from './client/client.js'
export type { OpenOptions } from './client/iterate.js'
export type { ReadOptions } from './client/read-response.js'
export type { AskedSource, Listener as SlotListener, ReaderSlot, StreamMethods } from './client/reader-slot.js'
export type { OwnedRequest } from './client/sse-request.js'
export type {
  RequestMethods,
  RequestSnapshot,
  RequestStatus,
  ResumeOptions,
  RunOptions,
  SSERequest,
  SSERequestOptions,
  Untyped,
} from './client/sse-request-interface.js'
export type { SubscribeOptions, Subscription } from './client/subscribe.js'
export type { World } from './client/lent-world.js'
export type { ReconnectReason, Status } from './connection/transition.js'
export type { DataOf, Decoded, DecodeFunction, Decoder, Decoding, NamedDecoder, StandardSchema } from './options/decoder.js'
export type { DefaultOptions } from './options/default-options.js'
export type { AskContext, Asked, AskReason, Body, HeaderValues, IdentityOptions } from './options/identity.js'
export type { Closing, DataIn, EventMap, EventsIn, EventsOf, ReaderOptions, Reading, Resumption, SeenEvent, Unread } from './options/reader-options.js'
export type { RetryContext, RetryFunction, RetryOptions, RetryPolicy } from './options/retry.js'
export type { Asker } from './options/option-rules.js'
export type { Layer, Settings } from './options/settings.js'
export type {
  Falsy,
  MappedSource,
  PlainSource,
  SourceObject,
  SourceOf,
  SourceOptions,
  SSEDefinition,
  SSESource,
  TypedSource,
  URLObject,
} from './options/source.js'
export type { Notify, RenewOptions, StreamOptions } from './options/stream-options.js'
export type { Standing, StreamStatus } from './client/status-monitor.js'
export type { ClientInside, Watch } from './client/watch.js'
export type { Fact, FactBody } from './stream/fact.js'
export type { StreamInfo } from './stream/info.js'
export type { Keep, Missed } from './stream/readers.js'
export type { ItemStorage, KeyValueStorage, PersistOptions, PersistStorage } from './options/persist-options.js'
export type { SSESnapshot } from './stream/snapshot.js'
export type { Page, PageChange } from './protocol/page.js'
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

export { NO_STREAMS } from './client/status-monitor.js'
export { watchStatus } from './client/watch.js'
export { IDLE_SNAPSHOT } from './stream/snapshot.js'
export { createClient } from './client/client.js'
export { createOwnedRequest } from './client/sse-request.js'
export { checkArguments, checkDefaults, checkRequestOptions } from './options/check-options.js'
export { json, text } from './options/decoder.js'
export { defineSSE } from './options/define.js'
export { isRecord } from './options/record.js'
export { SSEError } from './protocol/errors.js'
export { promiseError, settled } from './protocol/promise.js'
export { reduced } from './protocol/reduced.js'
export { overlaid } from './stream/unheard-error.js'
export { nearest } from './protocol/spelling.js'
export { createParser } from './protocol/parser.js'
export { fetchTransport } from './transports/fetch.js'
export { checkRequest, requestError } from './transports/check-request.js'
export { defectError, networkError } from './transports/network-error.js'
export { askRequest, fetchInit, leavesCursorOut } from './transports/request.js'
export { refusalOf, responseError } from './transports/response.js'

/**
 * Makes a client. Without a `transport` it uses {@link fetchTransport}.
 *
 * @example
 * ```tsx
 * import { createSSEClient } from 'eventwire/core'
 *
 * const client = createSSEClient({ baseUrl: 'https://api.example.com', retry: { maxMs: 10_000 } })
 * const stop = client.subscribe('/events', { onMessage: (data) => console.log(data), onError: (error) => console.error(error) })
 * stop()
 * client.closeAll() // at a logout
 * ```
 */
export function createSSEClient(options: ClientOptions = {}): SSEClient {
  return createClient({ ...checkDefaults(options), transport: options.transport ?? fetchTransport() })
}

/**
 * A request whose answer is an event stream with an end: of a language model, a job, an export. It is sent when it is
 * started, and never twice. What `useSSERequest` is without React.
 *
 * @param client - whose defaults count, and whose `closeAll()` ends it. Default: one of its own
 * @throws TypeError on misuse
 *
 * @example
 * ```tsx
 * import { createSSERequest, json } from 'eventwire/core'
 *
 * const chat = createSSERequest({
 *   url: 'https://api.example.com/chat',
 *   decode: json<{ text: string }>(),
 *   initial: '',
 *   reduce: (answer, { data }) => answer + data.text,
 *   until: ({ raw }) => raw === '[DONE]',
 * })
 * console.log(await chat.start({ body: { prompt: 'Hello' } }))
 * ```
 */
export function createSSERequest<V, T = unknown, D extends Decoder = Decoder, const M extends EventMap = never>(
  options: Unread<SSERequestOptions<V, EventsIn<T, D, M>>> & Reading<D, M>,
  client?: SSEClient,
): SSERequest<V>
export function createSSERequest<V>(options: SSERequestOptions<V>, client: SSEClient = createSSEClient()): SSERequest<V> {
  return createRequest(client, options)
}

/**
 * Reads a stream of its own, shared with nobody, as an async iterable. Connects at the first `next`. Ends when the
 * stream is `closed` and when `signal` aborts; `break`, `return` and the signal release the connection. At most
 * 1,024 events, or a million characters of them, wait; then the server does (64 times as much with a transport that can't
 * make it wait).
 *
 * @throws SSEError when the stream is `failed`, or events wait past the bound
 * @throws TypeError on misuse, at the call
 *
 * @example
 * ```tsx
 * import { openSSE } from 'eventwire/core'
 *
 * for await (const event of openSSE<{ cpu: number }>('https://api.example.com/events', { signal: AbortSignal.timeout(60_000) }))
 *   console.log(event.type, event.data.cpu)
 * ```
 * @see examples/recipes/without-react.ts: a client and a loop without React
 */
export function openSSE<T = unknown, D extends Decoder = Decoder, const M extends EventMap = never>(
  source: string | URLObject | SSEDefinition<M> | (Unread<OpenOptions<EventsIn<T, D, M>>> & Reading<D, M>),
  options?: Unread<Partial<OpenOptions<EventsIn<T, D, M>>>> & Reading<D, M>,
): AsyncGenerator<EventsIn<T, D, M>, void, undefined>
export function openSSE(
  source: string | URL | OpenOptions | SSEDefinition,
  options: Partial<OpenOptions> = {},
): AsyncGenerator<SSEEvent, void, undefined> {
  return iterate(createSSEClient(), source, options)
}

/**
 * Reads a `Response`, or a stream of bytes, that one already has, event by event: of a client of another library, a server
 * action, a test. Same parser, bounds and errors as `openSSE`; nothing is asked for again.
 *
 * @throws SSEError for an answer that is no event stream, that breaks, or that ends before `until` matched
 * @throws TypeError on misuse, at the call
 *
 * @example
 * ```tsx
 * import { json, readSSE } from 'eventwire/core'
 *
 * const response = await fetch('https://api.example.com/chat', { method: 'POST', body: '{"prompt":"Hello"}' })
 * for await (const { data } of readSSE(response, { decode: json<{ text: string }>() })) console.log(data.text)
 * ```
 */
export function readSSE<T = unknown, D extends Decoder = Decoder, const M extends EventMap = never>(
  response: Response | ReadableStream<Uint8Array>,
  options?: Unread<ReadOptions> & Reading<D, M>,
): AsyncGenerator<EventsIn<T, D, M>, void, undefined>
export function readSSE(
  response: Response | ReadableStream<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<SSEEvent, void, undefined> {
  return readResponse((answer) => fetchTransport({ fetch: answer }), response, options)
}
