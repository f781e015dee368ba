import type { ResolvedRequest, Transport, TransportAttempt, TransportRequest, TransportSink } from 'eventwire/core'
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { askRequest, fetchInit, leavesCursorOut, networkError, refusalOf, SSEError } from 'eventwire/core'

/** A message as the library has it: what was absent is `''`. */
export interface FetchEventSourceMessage {
  id: string
  event: string
  data: string
  retry?: number
}

/** What {@link fetchEventSourceTransport} passes to the library. */
export interface FetchEventSourceInit extends RequestInit {
  headers: Record<string, string>
  signal: AbortSignal
  fetch: typeof fetch
  openWhenHidden: boolean
  onopen: (response: Response) => Promise<void>
  onmessage: (message: FetchEventSourceMessage) => void
  onclose: () => void
  onerror: (error: unknown) => never
}

/** The library's function, or one that is called as it is. */
export type FetchEventSource = (url: string, init: FetchEventSourceInit) => Promise<void>

/** Settings of {@link fetchEventSourceTransport}. */
export interface FetchEventSourceTransportOptions {
  /** Any fetch that streams and obeys its signal. Default: the global one, looked up for every attempt. */
  fetch?: typeof fetch | undefined
  /** Default: that of `@microsoft/fetch-event-source`. */
  fetchEventSource?: FetchEventSource | undefined
}

/**
 * Carries the stream by `@microsoft/fetch-event-source`, for apps that have to keep it. The library reads the bytes;
 * retries and visibility are eventwire's. What it reads otherwise than the standard says is listed in
 * docs/fetch-event-source.md; `fetchTransport` reads all of it right.
 *
 * `maxEventSize` is judged when an event is complete: the library keeps a line, and an event, of any length until then.
 *
 * @example
 * ```tsx
 * import { createClient } from 'eventwire/core'
 * import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
 *
 * export const client = createClient({ transport: fetchEventSourceTransport() })
 * ```
 */
export function fetchEventSourceTransport(options: FetchEventSourceTransportOptions = {}): Transport {
  return {
    name: 'fetch-event-source',
    can: new Set(['headers', 'method', 'status', 'all-types', 'cursor', 'size'] as const),
    options: { fetch: options.fetch, fetchEventSource: options.fetchEventSource },
    open(request, sink) {
      return attempt(options.fetchEventSource ?? fetchEventSource, options.fetch, request, sink)
    },
  }
}

function attempt(
  library: FetchEventSource,
  ownFetch: typeof fetch | undefined,
  request: TransportRequest,
  sink: TransportSink,
): TransportAttempt {
  const controller = new AbortController()
  const { signal } = controller
  let resolved: ResolvedRequest | undefined
  let opened = false
  let lastEventId = ''

  function finish(report: () => void) {
    if (signal.aborted) return
    controller.abort()
    report()
  }

  async function onopen(response: Response) {
    const { status, headers, body } = response
    if (!signal.aborted && status === 204) finish(() => sink.end(true))
    else {
      const refusal = signal.aborted ? null : await refusalOf(response, request.clock, resolved?.method)
      if (refusal) throw refusal
      if (!signal.aborted) {
        opened = true
        sink.open({ status, headers, ...(resolved && leavesCursorOut(resolved) && { resumed: false }) })
      }
    }
    if (!signal.aborted) return
    // What is thrown after an abort is heard by nobody: it keeps the library from reading on.
    body?.cancel().catch(() => {})
    throw signal.reason
  }

  function onmessage({ id, event, data, retry = -1 }: FetchEventSourceMessage) {
    // `throwIfAborted` is missing in polyfills.
    if (signal.aborted) throw signal.reason
    if (data.length + event.length + id.length > request.maxEventSize) throw tooLarge(request.maxEventSize)
    if (retry >= 0) sink.retry(retry)
    // An id that is absent and one that is empty look the same: both leave the cursor where it is.
    // "If the field value does not contain U+0000 NULL": the library leaves that to us.
    const moved = id !== '' && id !== lastEventId && !id.includes('\0')
    if (moved) lastEventId = id
    if (signal.aborted) return
    // No data and empty data look the same, too; far more blocks are without data.
    if (data) sink.event({ type: event || 'message', data, lastEventId })
    else if (moved) sink.cursor?.(lastEventId)
  }

  async function run() {
    try {
      resolved = await askRequest(request)
      if (signal.aborted) return
      lastEventId = resolved.lastEventId
      const init = fetchInit(resolved, signal, ownFetch !== undefined)
      // Before the library's own listener, which lets go.
      signal.addEventListener('abort', lendPage)
      await library(resolved.url, {
        ...init,
        headers: Object.fromEntries(init.headers),
        signal,
        fetch: ownFetch ?? fetch,
        openWhenHidden: true,
        onopen,
        onmessage,
        onclose: lendPage,
        onerror(error) {
          lendPage()
          // The library retries after any error that is not thrown on.
          throw error
        },
      })
      finish(() => sink.end())
    } catch (cause) {
      finish(() => sink.fail(networkError(cause, opened, resolved)))
    }
  }

  // Nothing in it rejects: whatever can fail is told to the sink.
  void run()

  return { close: () => controller.abort(), listen() {} }
}

function tooLarge(maxEventSize: number): SSEError {
  const message = `An event is larger than maxEventSize (${maxEventSize}): raise it, or send smaller events`
  return new SSEError('too-large', message)
}

/**
 * When it lets go, the library takes a listener off `document` and a timer off `window`, each once, before it returns.
 * Where there are none, each is lent for that one touch, so that nobody else takes Node for a browser.
 */
function lendPage(): void {
  lend('document', 'removeEventListener')
  lend('window', 'clearTimeout')
}

function lend(name: string, method: string): void {
  if (name in globalThis) return
  const page = { [method]: takeBack }
  function takeBack() {
    if (Reflect.get(globalThis, name) === page) Reflect.deleteProperty(globalThis, name)
  }
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: page })
  // For implementations that touch neither.
  queueMicrotask(takeBack)
}
