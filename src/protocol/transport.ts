import type { Clock } from './clock.js'
import type { SSEError } from './errors.js'
import type { RawEvent } from './event.js'

/** A body as fetch takes it: `BodyInit`, which Node's types do not name. */
export type RequestBody = NonNullable<RequestInit['body']>

/** Headers as fetch takes them: `HeadersInit`, which Node's types do not name. */
export type RequestHeaders = NonNullable<RequestInit['headers']>

/** As fetch's `credentials`: `RequestCredentials`, which Node's types do not name. */
export type CredentialsMode = NonNullable<RequestInit['credentials']>

/**
 * What a transport can do; the core refuses, or does without, what is missing.
 *
 * - `headers`, `method`: sends request headers; other methods than GET, and a body
 * - `status`: sees the response's status and headers
 * - `activity`: reports every byte, comments included
 * - `comments`: tells of comments, where the sink takes them
 * - `all-types`: delivers event types that nobody declared
 * - `cursor`: sends the last event ID as a header on any attempt
 * - `pause`: has `pause()` and `resume()`, and the server feels it
 * - `size`: holds `maxEventSize` (those with `activity` do too)
 */
export type Capability =
  | 'headers'
  | 'method'
  | 'status'
  | 'activity'
  | 'comments'
  | 'all-types'
  | 'cursor'
  | 'pause'
  | 'size'

/** A request with every function asked: what goes over the wire now. */
export interface ResolvedRequest {
  url: string
  method: string
  /** Header names to values. An `Accept` outranks the transport's `text/event-stream`; `Last-Event-ID` is its own. */
  headers: Readonly<Record<string, string>>
  body: RequestBody | undefined
  credentials: CredentialsMode | undefined
  /** As fetch's: whether a redirect is followed. Default `'follow'`. */
  redirect?: 'follow' | 'error' | undefined
  /** The cursor to resume from; `''` when there is none. */
  lastEventId: string
  /** The query parameter that the URL carries the cursor in, whenever there is one that a URL can carry. */
  cursorParam?: string | undefined
  /** The URL carries the cursor, and CORS may refuse the header: it stays out. */
  cursorInURL?: boolean | undefined
}

/** What a transport is asked to carry: one attempt at one stream. */
export interface TransportRequest {
  /** Gives the request as it is now. May be called again within an attempt. Rejects when a user's function throws. */
  resolve(): Promise<ResolvedRequest>
  /** An opaque id of the stream, fit for logs: never its URL or headers. */
  id: string
  /** The event types wanted so far; transports without `all-types` listen for these. */
  types: readonly string[]
  /** The largest event, in UTF-16 code units of data, type and id together. */
  maxEventSize: number
  /**
   * What makes this stream this stream: what is compared, without what functions gave; `whole: false` where a function
   * had a part, so that two who say the same may mean different streams. It holds header values: in memory only.
   */
  identity: { readonly text: string; readonly whole: boolean }
  /** The time that delays inside an attempt go by. Default: the system's. */
  clock?: Clock
  /** An end is asked again. `false`: this is asked for once, and never sent again by anyone. Default `true`. */
  live?: boolean
}

/** What a transport knows when a stream opens. */
export interface OpenInfo {
  status?: number
  headers?: Headers
  /**
   * Whether the request carried the cursor. A transport without the `cursor` capability says it here,
   * when its own reconnect did; one with it, when it had to leave the cursor out.
   */
  resumed?: boolean
  /** The transport shares a connection with others: whether this one owns it. */
  owner?: boolean
}

/** Where a transport reports. After `end` or `fail`, or after `close()` on its attempt, it reports nothing more. */
export interface TransportSink {
  open(info: OpenInfo): void
  event(raw: RawEvent): void
  /** Bytes arrived (how many, if known), an event or not. */
  activity(bytes?: number): void
  /** A comment arrived: one a chunk is enough. For transports with `comments`. */
  comment?(text: string): void
  /** The server set the reconnection time, in ms. */
  retry(ms: number): void
  /** Something below reconnects by itself: native EventSource, or the tab that owns a shared stream. */
  waiting(info?: WaitingInfo): void
  /** The server ended the stream properly. `final`: and asked not to be called again, as a 204 does. */
  end(final?: boolean): void
  fail(error: SSEError): void
  /** The last event ID moved without an event: a block with an id and no data. */
  cursor?(lastEventId: string): void
}

/** What is known of a wait below. */
export interface WaitingInfo {
  /** When the next attempt starts, in epoch ms. */
  readonly retryAt?: number | undefined
  /** What it waits for to be over. */
  readonly error?: SSEError | undefined
  /** Failed attempts in a row. Default: as many as there were. */
  readonly attempt?: number | undefined
  /** The server ended the stream properly: nothing broke. */
  readonly planned?: boolean | undefined
}

/** What comes after an attempt that is over. Times are epoch ms. */
export interface AfterAttempt {
  /** When the next one begins; `null`: not before it is asked for again. */
  readonly retryAt: number | null
  readonly error: SSEError | null
  /** Failed attempts in a row. */
  readonly attempt: number
  /** The server ended the stream properly: nothing broke. */
  readonly planned: boolean
}

/** One attempt, under way. */
export interface TransportAttempt {
  /** Releases everything at once; the sink hears nothing after this, not even from the same chunk. */
  close(): void
  /** Deliver this event type too. Transports with `all-types` ignore it. */
  listen(type: string): void
  pause?(): void
  resume?(): void
  /**
   * It is over, by its own doing or by `close()`, and no other began in the same call: what comes next, whenever that
   * changes. For transports that keep something between attempts, such as the lead of a shared stream.
   */
  after?(next: AfterAttempt): void
}

/**
 * One way to carry an event stream. It makes one attempt: it opens, emits, ends or fails.
 * What comes next is not its business.
 */
export interface Transport {
  readonly name: string
  readonly can: ReadonlySet<Capability>
  /**
   * What tells two transports of one name apart, for stream identity: plain options compare by structure;
   * a value that can't be compared (a custom `fetch`) makes the stream private. Default `{}`.
   */
  readonly options?: Readonly<Record<string, unknown>>
  /** Throws a `TypeError` at once when the request asks for what it can't do. */
  open(request: TransportRequest, sink: TransportSink): TransportAttempt
  /** `closeAll()` was called: whatever was kept of this stream, of its cursor too, is to be forgotten. */
  forget?(id?: string): void
}
