import type { Capability, ResolvedRequest, Transport, TransportRequest, TransportSink } from 'eventwire/core'
import type { WireEvent } from './format.js'
import { createParser, responseError, SSEError } from 'eventwire/core'
import { formatEvent } from './format.js'

/** The server's end of one attempt: what it was asked, and how it answers. Everything happens at once, in the call. */
export interface MockConnection {
  /** What went over the wire. */
  readonly request: ResolvedRequest
  /** `pending` until answered; `closed` when either side has ended it. */
  readonly state: 'pending' | 'open' | 'closed'
  /** Answers 200 with `text/event-stream`. The sending methods do it themselves. */
  open(headers?: HeadersInit): void
  send(event: WireEvent): void
  comment(text?: string): void
  /** Bytes, or text as UTF-8, as one chunk. */
  sendBytes(bytes: Uint8Array | string): void
  /** Ends the stream properly. */
  end(): void
  /** Breaks the connection. */
  drop(): void
  /** Answers with something else. */
  respond(status: number, headers?: HeadersInit, body?: string): void
}

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
  /** Default: all of fetch's. */
  can?: Iterable<Capability> | undefined
  /** Default `'mock'`. */
  name?: string | undefined
}

const ALL: readonly Capability[] = ['headers', 'method', 'status', 'activity', 'all-types', 'cursor', 'pause']

/** Makes a transport whose server is the test. */
export function mockTransport({ can = ALL, name = 'mock' }: MockTransportOptions = {}): MockTransport {
  const connections: MockConnection[] = []
  const waiting: ((connection: MockConnection) => void)[] = []
  let handedOut = 0

  const attempted = () =>
    new Promise<MockConnection>((resolve) => {
      const connection = connections[handedOut]
      handedOut++
      if (connection) resolve(connection)
      else waiting.push(resolve)
    })

  return {
    name,
    can: new Set(can),
    connections,
    attempted,
    async connected() {
      const connection = await attempted()
      connection.open()
      return connection
    },
    open(request, sink) {
      let over = false
      let close = () => {}
      request.resolve().then(
        (resolved) => {
          if (over) return
          const connection = connect(request, resolved, sink)
          close = connection.close
          connections.push(connection.handle)
          waiting.shift()?.(connection.handle)
        },
        (cause: unknown) => {
          if (!over) sink.fail(new SSEError('callback', 'Asking for the request threw', { cause, retryable: true }))
        },
      )
      return {
        close() {
          over = true
          close()
        },
        listen() {},
      }
    },
  }
}

function connect(
  { maxEventSize }: TransportRequest,
  resolved: ResolvedRequest,
  sink: TransportSink,
): { handle: MockConnection; close: () => void } {
  let state: MockConnection['state'] = 'pending'
  let cursor = resolved.lastEventId
  const parser = createParser({
    onEvent(event) {
      cursor = event.lastEventId
      sink.event(event)
    },
    onRetry: (ms) => sink.retry(ms),
    maxEventSize,
    lastEventId: cursor,
  })

  function close() {
    state = 'closed'
    parser.end()
  }

  /** Ends the attempt on the server's side, then says so. */
  function over(report: () => void) {
    if (state === 'closed') return
    close()
    report()
  }

  const handle: MockConnection = {
    request: resolved,
    get state() {
      return state
    },
    open(headers = {}) {
      if (state !== 'pending') return
      state = 'open'
      sink.open({ status: 200, headers: new Headers({ 'content-type': 'text/event-stream', ...Object.fromEntries(new Headers(headers)) }) })
    },
    send: (event) => handle.sendBytes(formatEvent(event)),
    comment: (text = '') => handle.sendBytes(`: ${text}\n\n`),
    sendBytes(bytes) {
      handle.open()
      if (state !== 'open') return
      const chunk = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
      sink.activity(chunk.byteLength)
      try {
        parser.feed(chunk)
      } catch (cause) {
        if (!(cause instanceof SSEError)) throw cause
        return over(() => sink.fail(cause))
      }
      if (parser.lastEventId !== cursor && state === 'open') sink.cursor?.((cursor = parser.lastEventId))
    },
    end() {
      handle.open()
      over(() => sink.end())
    },
    drop: () => over(() => sink.fail(new SSEError('network', 'The connection broke', { retryable: true }))),
    respond(status, headers = {}, body = '') {
      const error = responseError(status, new Headers(headers), body)
      if (status === 204) over(() => sink.end(true))
      else if (error) over(() => sink.fail(error))
      else {
        handle.open(headers)
        if (body) handle.sendBytes(body)
      }
    },
  }
  return { handle, close }
}
