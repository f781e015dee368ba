import type {
  Capability,
  ResolvedRequest,
  Transport,
  TransportAttempt,
  TransportRequest,
  TransportSink,
} from 'eventwire/core'
import { askRequest, requestError, SSEError } from 'eventwire/core'

/** The slice of `EventSource` that {@link nativeTransport} uses. */
export interface EventSourceLike {
  /** 0: connecting, 1: open, 2: closed. */
  readonly readyState: number
  addEventListener(type: string, listener: (event: EventSourceEvent) => void): void
  removeEventListener(type: string, listener: (event: EventSourceEvent) => void): void
  close(): void
}

/** A `MessageEvent`, or a plain event about the connection, which has no data. */
export interface EventSourceEvent {
  readonly type: string
  readonly data?: unknown
  readonly lastEventId?: string
}

/** Settings of {@link nativeTransport}. */
export interface NativeTransportOptions {
  /**
   * Any implementation of EventSource. Default: the global one, looked up for every attempt. Over any other, an empty
   * id does not reset the cursor.
   */
  EventSource?: (new (url: string, init: { withCredentials: boolean }) => EventSourceLike) | undefined
}

const CLOSED = 2

/**
 * The browser's own EventSource. It takes a URL and `credentials: 'include'`, delivers `message` and the types that
 * someone names, and tells no status. It reconnects by itself, with the `Last-Event-ID` that it saw itself; to a new
 * one the cursor goes as a query parameter, `lastEventIdParam`. A server that reads both prefers the header, which is
 * newer after a reconnect of the browser's.
 *
 * @throws TypeError on `open` where there is no EventSource
 */
export function nativeTransport(options: NativeTransportOptions = {}): Transport {
  return {
    name: 'native',
    can: new Set<Capability>(),
    options: { EventSource: options.EventSource },
    open(request, sink) {
      const platform = typeof EventSource === 'undefined' ? undefined : EventSource
      const Source = options.EventSource ?? platform
      if (Source) return attempt(Source, request, sink, Source !== platform)
      throw new TypeError(
        'There is no EventSource here: pass nativeTransport({ EventSource }) one, or use fetchTransport()',
      )
    },
  }
}

function attempt(
  Source: NonNullable<NativeTransportOptions['EventSource']>,
  request: TransportRequest,
  sink: TransportSink,
  foreign: boolean,
): TransportAttempt {
  // Both are also types that an event may have; its `data` tells it from news of the connection.
  const types = new Set(['open', 'error', 'message'])
  let source: EventSourceLike | null = null
  let over = false
  let startAt = ''
  /** What the browser would send as `Last-Event-ID`. */
  let lastEventId = ''
  let sawId = false
  let named = false

  function onEvent(event: EventSourceEvent) {
    if (over) return
    if (event.data != null) receive(event)
    else if (event.type === 'open') {
      if (!named) tellTypes()
      // Without an id of its own the browser asks as it did at first, and of that the core knows.
      sink.open(lastEventId ? { resumed: true } : {})
    } else if (source?.readyState === CLOSED) fail(nativeClosed())
    else sink.waiting()
  }

  function receive(event: EventSourceEvent) {
    // "Set the last event ID string of the event source to the value of the last event ID buffer": it sticks. npm's
    // eventsource gives it only to the event that brings it, and '' to the next. What can't be told from that is a
    // reset by an empty id: over implementations that are not the platform's it is not seen.
    lastEventId = event.lastEventId || (foreign ? lastEventId : '')
    sawId ||= lastEventId !== ''
    // The browser knows nothing of the cursor before it: until it saw an id, that one sticks.
    sink.event({ type: event.type, data: String(event.data), lastEventId: sawId ? lastEventId : startAt })
  }

  function fail(error: SSEError) {
    if (over) return
    close()
    sink.fail(error)
  }

  function close() {
    over = true
    for (const type of types) source?.removeEventListener(type, onEvent)
    source?.close()
  }

  function listen(type: string) {
    named = true
    if (types.has(type) || over) return
    types.add(type)
    source?.addEventListener(type, onEvent)
  }

  async function run() {
    try {
      const resolved = await askRequest(request)
      if (over) return
      refuse(resolved)
      startAt = resolved.lastEventId
      source = new Source(resolved.url, { withCredentials: resolved.credentials === 'include' })
      for (const type of types) source.addEventListener(type, onEvent)
    } catch (cause) {
      fail(cause instanceof SSEError ? cause : requestError(cause))
    }
  }

  for (const type of request.types) listen(type)
  // Nothing in it rejects: whatever can fail is told to the sink.
  void run()

  return { close, listen }
}

/** @throws SSEError for what a request of EventSource can't carry */
function refuse({ method, headers, body }: ResolvedRequest): void {
  const what = [
    Object.keys(headers).length > 0 && 'headers',
    method !== 'GET' && `method ${method}`,
    body !== undefined && 'a body',
  ].filter(Boolean)
  if (what.length === 0) return
  const cause = new TypeError(`The native transport can't do ${what.join(', ')}: use fetchTransport()`)
  throw new SSEError('network', cause.message, { cause })
}

function nativeClosed(): SSEError {
  return new SSEError(
    'native-closed',
    'EventSource gave up, and does not tell why. Usual causes: the status, the Content-Type or CORS; fetchTransport() tells which',
    { retryable: true },
  )
}

let told = false

function tellTypes() {
  if (process.env.NODE_ENV === 'production' || told) return
  told = true
  console.warn(
    'eventwire: over nativeTransport() arrive only `message` events and the types that someone names. ' +
      "Name them with events or types (types: ['message'] if there are no others), or use fetchTransport()",
  )
}
