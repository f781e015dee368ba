import type { RequestBody, RequestHeaders } from 'eventwire/core'
import type { WireEvent } from '../protocol/format-event.js'

/** A request as the mock server got it. */
export interface MockRequest {
  readonly method: string
  /** As it was asked for: relative or absolute for `createMockSSE`, absolute for `mockSSE`, path and query for `createSSEServer`. */
  readonly url: string
  /** Values by name in lower case, as they go over the wire: what `fetchTransport` adds, `accept` and `last-event-id` say, among them. */
  readonly headers: Readonly<Record<string, string>>
  /** Text, or where there is no wire what the app gave; `undefined` without a body. */
  readonly body: RequestBody | undefined
  /** The body as JSON. Throws where it is none. */
  readonly json: () => unknown
  /** The cursor; `''` when none was sent. Of one that only the URL carries, `createMockSSE` alone knows. */
  readonly lastEventId: string
}

/**
 * The server's end of one connection: what it was asked, and how it answers. `createMockSSE` does everything at once,
 * in the call; over a network it happens as soon as the network gets to it.
 */
export interface MockConnection {
  readonly request: MockRequest
  /** `pending` until answered; `closed` when either side has ended it. */
  readonly state: 'pending' | 'open' | 'closed'
  /** Resolves when either side has ended it. */
  readonly closed: Promise<void>
  /** Answers 200 with `text/event-stream`. The sending methods do it themselves. */
  open(headers?: RequestHeaders): void
  send(event: WireEvent): void
  comment(text?: string): void
  /** Bytes, or text as UTF-8, as one chunk: cut where you like. */
  sendBytes(bytes: Uint8Array | string): void
  /**
   * Answers with these, one after the other, and ends: events, or data as it goes over the wire (`'[DONE]'`). `everyMs` is
   * the mock's time under `createMockSSE`, which `advance` moves; elsewhere it is real.
   */
  answer(events: readonly (WireEvent | string)[], options?: { readonly everyMs?: number | undefined }): Promise<void>
  /** Ends the stream properly. */
  end(): void
  /** Breaks the connection. */
  drop(): void
  /**
   * Answers with something else. What a client takes for an event stream opens, and `body` is its first chunk: a 200
   * with `text/event-stream`, or to other methods than GET any 2xx.
   */
  respond(status: number, headers?: RequestHeaders, body?: string): void
  /** Goes silent: nothing arrives any more, while the connection stays. Only `drop` or the client ends it. */
  stall(): void
}

/** A mock SSE server: what `createMockSSE`, `mockSSE` and `createSSEServer` have in common. */
export interface MockSSE {
  /** Every connection so far, oldest first, those that are over included. */
  readonly connections: readonly MockConnection[]
  /**
   * The next connection that was not handed out yet, opened; waits for it.
   *
   * @param url - of those that match it
   * @throws Error when none comes in time, with what came instead
   */
  connected(url?: URLPattern): Promise<MockConnection>
  /** The same, unanswered. */
  attempted(url?: URLPattern): Promise<MockConnection>
  /** Says that a connection is to come that resumes from this cursor; `verify` reports when none did. */
  expectCursor(lastEventId: string): void
  /**
   * The end of a test.
   *
   * @throws Error that names the connections which leaked, with who opened them as far as that can be known;
   * the requests that nobody expected; and the cursors that were expected and not sent
   */
  verify(): Promise<void>
}

/** Settings that all mock servers share. */
export interface MockSSEOptions {
  /** Called with every connection as it comes: a server that answers by itself. */
  onConnection?: ((connection: MockConnection) => void) | undefined
  /** How long `connected` waits before it says what is missing, in ms of real time. Default 3,000. */
  timeoutMs?: number | undefined
}

/**
 * Which URLs. A path is compared with the path, an absolute URL with the origin too, either with the query only if it
 * has one itself; `*` stands for anything and `:name` for one segment.
 */
export type URLPattern = string | URL | RegExp | readonly (string | URL | RegExp)[]
