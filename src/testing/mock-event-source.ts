import type { Clock, Transport, TransportAttempt, TransportRequest, TransportSink } from 'eventwire/core'
import type { EventSourceEvent, NativeTransportOptions } from 'eventwire/native'
import type { SSEError } from 'eventwire/core'
import type { MockAttempt } from './mock-transport.js'
import { nativeTransport } from 'eventwire/native'
import { connectMock } from './mock-transport.js'
import { wireRequest } from './wire-request.js'

type EventSourceClass = NonNullable<NativeTransportOptions['EventSource']>
type Listener = (event: EventSourceEvent) => void

/** "An implementation-defined value, probably in the region of a few seconds": Chromium's and WebKit's. */
const RECONNECTION_MS = 3_000
const [CONNECTING, OPEN, CLOSED] = [0, 1, 2]
/** A header for the cursor is all that it can do of what transports may. */
const CAN = new Set(['cursor'] as const)

/**
 * Opens an attempt of `nativeTransport()`, which runs as it is, over an EventSource whose server is the test.
 *
 * @param accept - is given every connection, those of the EventSource's own reconnects too
 */
export function openNative(
  transport: Transport,
  request: TransportRequest,
  sink: TransportSink,
  clock: Clock,
  accept: (attempt: MockAttempt) => SSEError | void,
): TransportAttempt {
  let cursorParam: string | undefined
  // A seam: what a request tells is asked late, so that a copy would ask too early.
  const asked = Object.create(request, {
    resolve: {
      async value() {
        const resolved = await request.resolve()
        cursorParam = resolved.cursorParam
        return resolved
      },
    },
  }) as TransportRequest
  const MockEventSource = eventSourceClass(clock, accept, () => cursorParam)
  if (transport.options?.EventSource) return nativeTransport({ EventSource: MockEventSource }).open(asked, sink)
  // It looks the platform's up while it opens.
  const globals = globalThis as { EventSource?: unknown }
  const platform = Object.getOwnPropertyDescriptor(globals, 'EventSource')
  Object.defineProperty(globals, 'EventSource', { value: MockEventSource, configurable: true, writable: true })
  try {
    return transport.open(asked, sink)
  } finally {
    if (platform) Object.defineProperty(globals, 'EventSource', platform)
    else delete globals.EventSource
  }
}

/** The standard's EventSource, as far as a server can tell. */
function eventSourceClass(
  clock: Clock,
  accept: (attempt: MockAttempt) => SSEError | void,
  cursorParam: () => string | undefined,
): EventSourceClass {
  return class MockEventSource {
    readyState = CONNECTING
    readonly #url: string
    readonly #listeners = new Map<string, Set<Listener>>()
    #reconnectionMs = RECONNECTION_MS
    #lastEventId = ''
    #timer: unknown = null
    #leave = () => {}

    constructor(url: string) {
      this.#url = url
      // Listeners come first.
      queueMicrotask(() => this.#connect())
    }

    addEventListener(type: string, listener: Listener) {
      this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener))
    }

    removeEventListener(type: string, listener: Listener) {
      this.#listeners.get(type)?.delete(listener)
    }

    close() {
      this.readyState = CLOSED
      clock.clearTimeout(this.#timer)
      this.#leave()
    }

    #dispatch(event: EventSourceEvent) {
      for (const listener of this.#listeners.get(event.type) ?? []) listener(event)
    }

    #connect() {
      if (this.readyState === CLOSED) return
      const lastEventId = this.#lastEventId
      const asked = { url: this.#url, method: 'GET', headers: {}, body: undefined, credentials: undefined }
      const request = wireRequest({ ...asked, lastEventId, cursorParam: cursorParam() }, CAN)
      const { attempt, leave } = connectMock({ request, lastEventId, maxEventSize: Infinity, clock }, this.#sink())
      this.#leave = leave
      if (accept(attempt)) this.#fail()
    }

    #sink(): TransportSink {
      return {
        open: () => {
          this.readyState = OPEN
          this.#dispatch({ type: 'open' })
        },
        event: (event) => {
          this.#lastEventId = event.lastEventId
          this.#dispatch(event)
        },
        cursor: (lastEventId) => void (this.#lastEventId = lastEventId),
        retry: (ms) => void (this.#reconnectionMs = ms),
        activity() {},
        waiting() {},
        end: (final) => (final ? this.#fail() : this.#reestablish()),
        // Of a block that was cut off it knows nothing.
        fail: ({ code }) => (code === 'network' || code === 'interrupted' ? this.#reestablish() : this.#fail()),
      }
    }

    /** "Fail the connection": it stays closed. */
    #fail() {
      this.#leave()
      if (this.readyState === CLOSED) return
      this.readyState = CLOSED
      this.#dispatch({ type: 'error' })
    }

    #reestablish() {
      if (this.readyState === CLOSED) return
      this.readyState = CONNECTING
      this.#timer = clock.setTimeout(() => this.#connect(), this.#reconnectionMs)
      this.#dispatch({ type: 'error' })
    }
  }
}
