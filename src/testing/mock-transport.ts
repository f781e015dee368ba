import type { Capability, Clock, RequestHeaders, ResolvedRequest, Transport, TransportRequest, TransportSink } from 'eventwire/core'
import type { MockConnection, MockRequest } from './mock-interface.js'
import { askRequest, createParser, leavesCursorOut, networkError, responseError, SSEError } from 'eventwire/core'
import { answering } from './answering.js'
import { createArrivals } from './arrivals.js'
import { createConnectionState } from './connection-state.js'
import { formatEvent } from '../protocol/format-event.js'
import { realTimers } from './real-timers.js'
import { lendTextCoders } from './text-coders.js'
import { wireRequest } from './wire-request.js'

/** A transport without a network. */
export interface MockTransport extends Transport {
  /** Every attempt so far, oldest first. */
  readonly connections: readonly MockConnection[]
  /** The next attempt that was not handed out yet, unanswered; waits for it. */
  attempted(): Promise<MockConnection>
  /** The same, opened. */
  connected(): Promise<MockConnection>
}

/** Settings of {@link mockTransport}. */
export interface MockTransportOptions {
  /** Default: all of fetch's. Without `all-types` only types that someone listens for are delivered. */
  can?: Iterable<Capability> | undefined
  /** Default `'mock'`. */
  name?: string | undefined
  /**
   * Something below it reconnects by itself, as EventSource does. Then `drop` and `end` leave the connection `pending`:
   * the transport reports `waiting`, and what opens the connection next reports another open. `respond` with anything
   * but a stream ends it with `native-closed`. Default `false`.
   */
  reconnects?: boolean | undefined
}

const ALL: readonly Capability[] = ['headers', 'method', 'status', 'activity', 'comments', 'all-types', 'cursor', 'pause']

/**
 * Makes a transport whose server is the test. Everything happens at once, in the call.
 *
 * @example
 * ```tsx
 * import { createSSEClient } from 'eventwire/core'
 * import { createVirtualClock, mockTransport } from 'eventwire/testing'
 *
 * const [clock, transport] = [createVirtualClock(), mockTransport()]
 * const client = createSSEClient({ clock, transport })
 * client.subscribe('/events', { onMessage: (data) => console.log(data) })
 * const connection = await transport.connected()
 * connection.send({ data: 1 })
 * ```
 */
export function mockTransport(options: MockTransportOptions = {}): MockTransport {
  const { can = ALL, name = 'mock', reconnects = false } = options
  const { connections, attempted, connected, add } = createArrivals('mockTransport()', { timeoutMs: Infinity })
  const able = new Set(can)
  return {
    name,
    can: able,
    connections,
    attempted,
    connected,
    open: (request, sink) => openMock(request, sink, able, ({ handle }) => add(handle), reconnects),
  }
}

/** The server's end of an attempt, and what the kit knows of it. */
export interface MockAttempt {
  readonly handle: MockConnection
  /** The cursor that a client has which received everything so far. */
  readonly cursor: () => string
}

/**
 * Opens an attempt that `accept` is given as soon as its request is known.
 *
 * @param accept - returns an error in place of taking it
 */
export function openMock(
  request: TransportRequest,
  sink: TransportSink,
  can: ReadonlySet<Capability>,
  accept: (attempt: MockAttempt) => SSEError | void,
  reconnects = false,
): ReturnType<Transport['open']> {
  const listened = new Set(['message', ...request.types])
  let over = false
  let close = () => {}

  function connect(resolved: ResolvedRequest, wire: MockRequest) {
    if (over) return
    const wanted = (type: string) => can.has('all-types') || listened.has(type)
    const { maxEventSize } = request
    const opening = {
      request: wire,
      lastEventId: resolved.lastEventId,
      maxEventSize,
      resumes: !can.has('cursor') || !leavesCursorOut(resolved),
      tells: can.has('status'),
      clock: request.clock,
    }
    const { attempt, leave } = connectMock(opening, sink, wanted, reconnects)
    close = leave
    const refusal = accept(attempt)
    if (refusal) sink.fail(refusal)
  }

  askRequest(request)
    .then((resolved) => [resolved, wireRequest(resolved, can)] as const)
    .then(
      (asked) => connect(...asked),
      // A seam: neither asking nor making a request throws anything else.
      (error: SSEError) => over || sink.fail(error),
    )
  return {
    close() {
      over = true
      close()
    },
    listen: (type) => void listened.add(type),
  }
}

/** What a connection begins with. */
interface Opening {
  readonly request: MockRequest
  /** The cursor as the client knows it, sent or not. */
  readonly lastEventId: string
  readonly maxEventSize: number
  /** `false`: there is a cursor, which could not be sent. */
  readonly resumes?: boolean
  /** `false`: an open tells no status, as over EventSource. */
  readonly tells?: boolean
  /** Whose time an answer takes. Default: the machine's. */
  readonly clock?: Pick<Clock, 'setTimeout'> | undefined
}

/** The server's end of one connection, which reports to `sink` what a client sees of it. */
export function connectMock(
  { request, lastEventId, maxEventSize, resumes = true, tells = true, clock = realTimers }: Opening,
  sink: TransportSink,
  wanted: (type: string) => boolean = () => true,
  reconnects = false,
): { attempt: MockAttempt; leave: () => void } {
  lendTextCoders()
  const life = createConnectionState()
  let cursor = lastEventId
  let silent = false
  /** What is below asks again; of that nobody above sees more than `waiting`. */
  let waiting = false
  let commented = false
  let parser = parserFrom(cursor)

  function parserFrom(from: string) {
    return createParser({
      onEvent(event) {
        if (!wanted(event.type)) return
        cursor = event.lastEventId
        sink.event(event)
      },
      onRetry: (ms) => sink.retry(ms),
      // Who takes none spares the parser their text.
      onComment: sink.comment && ((text) => {
        if (!commented) sink.comment?.(text)
        commented = true
      }),
      maxEventSize,
      lastEventId: from,
    })
  }

  function leave() {
    if (life.close()) parser.end()
  }

  /** Ends the attempt on the server's side, then says so. */
  function over(report: () => void) {
    if (life.state === 'closed') return
    leave()
    report()
  }

  /** A break or an end: the end of the attempt only if nothing below takes it on itself. */
  function lose(report: () => void) {
    if (!reconnects) return over(report)
    if (life.state === 'closed') return
    waiting = true
    silent = false
    // What came of a block that was cut off is forgotten.
    parser.end()
    parser = parserFrom(cursor)
    sink.waiting()
  }

  function openWith(status: number, headers: RequestHeaders) {
    if (silent || handle.state !== 'pending') return
    life.open()
    const again = waiting
    waiting = false
    const own = Object.fromEntries(new Headers(headers))
    sink.open({
      ...(tells && { status, headers: new Headers({ 'content-type': 'text/event-stream', ...own }) }),
      ...(again ? { resumed: cursor !== '' } : !resumes && { resumed: false }),
    })
  }

  const handle: MockConnection = {
    request,
    get state() {
      return waiting && life.state === 'open' ? 'pending' : life.state
    },
    closed: life.closed,
    answer: answering(() => handle, clock),
    open: (headers = {}) => openWith(200, headers),
    send: (event) => handle.sendBytes(formatEvent(event)),
    comment: (text = '') => handle.sendBytes(`: ${text}\n\n`),
    sendBytes(bytes) {
      handle.open()
      if (silent || handle.state !== 'open') return
      const chunk = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
      sink.activity(chunk.byteLength)
      commented = false
      try {
        parser.feed(chunk)
      } catch (cause) {
        if (!(cause instanceof SSEError)) throw cause
        return over(() => sink.fail(cause))
      }
      if (parser.lastEventId !== cursor && life.state === 'open') sink.cursor?.((cursor = parser.lastEventId))
    },
    end() {
      handle.open()
      if (silent) return
      const cut = parser.end()
      lose(() => (cut ? sink.fail(interrupted()) : sink.end()))
    },
    drop() {
      const opened = life.state === 'open'
      lose(() => sink.fail(networkError(new TypeError('The connection broke'), opened)))
    },
    respond(status, headers = {}, body = '') {
      if (silent || handle.state !== 'pending') return
      const error = responseError(status, new Headers(headers), body, request.method)
      if (reconnects && (error || status === 204)) over(() => sink.fail(gaveUp()))
      else if (status === 204) over(() => sink.end(true))
      else if (error) over(() => sink.fail(error))
      else {
        openWith(status, headers)
        if (body) handle.sendBytes(body)
      }
    },
    stall() {
      silent = true
    },
  }
  return { attempt: { handle, cursor: () => cursor }, leave }
}

/** As fetch's transport takes it: a proxy that speaks HTTP/1.0 makes a crash look like a clean end. */
function interrupted(): SSEError {
  return new SSEError('interrupted', 'The stream ended in the middle of an event', { retryable: true })
}

/** EventSource does not tell why: it may as well be gone for a while. */
function gaveUp(): SSEError {
  return new SSEError('native-closed', 'What reconnects by itself gave up', { retryable: true })
}
