import type {
  Capability,
  ResolvedRequest,
  Transport,
  TransportAttempt,
  TransportRequest,
  TransportSink,
} from 'eventwire/core'
import { systemClock } from '../protocol/clock.js'
import { askRequest, checkRequest, defectError, requestError, SSEError } from 'eventwire/core'

/** The slice of `EventSource` that {@link nativeTransport} uses. */
export interface EventSourceLike {
  /** 0: connecting, 1: open, 2: closed. Where it is missing, as in react-native-sse, an error counts as the end. */
  readonly readyState?: number
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
 * someone names, and tells no status. It reconnects by itself, with the `Last-Event-ID` that it saw itself. With
 * `lastEventIdParam` it does not: after a break the next attempt is a new EventSource, with the cursor in its URL.
 * Safari joins half an event before a break to what the same EventSource reads after it.
 *
 * @throws TypeError on `open` where there is no EventSource
 *
 * @example
 * ```tsx
 * import { SSEProvider } from 'eventwire'
 * import { nativeTransport } from 'eventwire/native'
 * import type { ReactNode } from 'react'
 *
 * const native = nativeTransport()
 *
 * export const Streams = ({ children }: { children: ReactNode }) => <SSEProvider transport={native}>{children}</SSEProvider>
 * ```
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
  const { clock = systemClock } = request
  // Both are also types that an event may have; its `data` tells it from news of the connection.
  const types = new Set(['open', 'error', 'message'])
  let source: EventSourceLike | null = null
  let over = false
  /** A break is ours to mend. */
  let fresh = false
  let looking: unknown
  let isOpen = false
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
      // LaunchDarkly's and react-native-sse tell of no end before they come back from it.
      if (isOpen) sink.waiting()
      if (over) return
      isOpen = true
      // Without an id of its own the browser asks as it did at first, and of that the core knows.
      sink.open(lastEventId ? { resumed: true } : {})
    } else lose()
  }

  function lose() {
    const isClosed = () => source?.readyState === CLOSED
    // What has none may have stopped for good: react-native-sse does, and says nothing more.
    if (isClosed() || source?.readyState === undefined) return fail(nativeClosed())
    isOpen = false
    sink.waiting()
    if (over) return
    // npm's eventsource 2 and LaunchDarkly's tell the error first, and close then.
    clock.clearTimeout(looking)
    looking = clock.setTimeout(() => {
      if (isClosed()) fail(nativeClosed())
      else if (fresh) fail(broke())
    }, 0)
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
    clock.clearTimeout(looking)
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
      checkRequest(resolved)
      startAt = resolved.lastEventId
      fresh = resolved.cursorParam !== undefined
      source = make(Source, resolved)
      for (const type of types) source.addEventListener(type, onEvent)
    } catch (cause) {
      fail(defectError(cause))
    }
  }

  for (const type of request.types) listen(type)
  // Nothing in it rejects: whatever can fail is told to the sink.
  void run()

  return { close, listen }
}

/** @throws SSEError without what EventSource throws: it quotes the URL */
function make(Source: NonNullable<NativeTransportOptions['EventSource']>, { url, credentials }: ResolvedRequest) {
  try {
    return new Source(url, { withCredentials: credentials === 'include' })
  } catch {
    throw requestError(new TypeError('EventSource does not take its URL: write it in full, with https:// or http://'))
  }
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
  throw new SSEError('unsupported', cause.message, { cause })
}

function broke(): SSEError {
  const message = 'The connection broke, or the server ended the stream: EventSource does not tell which'
  return new SSEError('network', message, { retryable: true })
}

function nativeClosed(): SSEError {
  return new SSEError(
    'native-closed',
    'EventSource gave up, and does not tell why. Usual causes: the status, the Content-Type or CORS; ' +
      'fetchTransport() tells which',
    { retryable: true },
  )
}

let told = false

function tellTypes() {
  try {
    if (process.env.NODE_ENV !== 'production' && !told) {
      told = true
      console.warn(
        'eventwire: over nativeTransport() arrive only `message` events and the types that someone names. ' +
          "Name them with events or types (types: ['message'] if there are no others), or use fetchTransport()",
      )
    }
  } catch {
    // A browser without a bundler has no `process`.
  }
}
