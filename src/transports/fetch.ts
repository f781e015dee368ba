import type { ResolvedRequest, Transport, TransportAttempt, TransportRequest, TransportSink } from '../protocol/transport.js'
import { systemClock } from '../protocol/clock.js'
import { SSEError } from '../protocol/errors.js'
import { createParser } from '../protocol/parser.js'
import { excerpt, responseError } from './response.js'

/** Settings of {@link fetchTransport}. */
export interface FetchTransportOptions {
  /** Any implementation of fetch that streams response bodies. Default: the global one, looked up for every attempt. */
  fetch?: typeof fetch | undefined
}

/** The default transport: fetch, with a streamed response body. Can do everything that HTTP can. */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  return {
    name: 'fetch',
    can: new Set(['headers', 'method', 'status', 'activity', 'all-types', 'cursor', 'pause'] as const),
    options: { fetch: options.fetch },
    open: (request, sink) => attempt(options.fetch ?? fetch, request, sink),
  }
}

function attempt(fetchNow: typeof fetch, request: TransportRequest, sink: TransportSink): TransportAttempt {
  const controller = new AbortController()
  const { signal } = controller
  const clock = request.clock ?? systemClock
  let end = () => {}
  // Settled when nobody holds the body back.
  let flowing: Promise<void> | null = null
  let flow = () => {}

  function fail(error: SSEError) {
    if (signal.aborted) return
    sink.fail(error)
    // Whatever is left of the response is of no use to anyone.
    controller.abort()
  }

  async function respond(): Promise<Response | null> {
    let resolved: ResolvedRequest
    try {
      resolved = await request.resolve()
    } catch (cause) {
      fail(new SSEError('callback', `Asking for the request threw: ${messageOf(cause)}`, { cause, retryable: true }))
      return null
    }
    const { url, method, headers, body, credentials, lastEventId } = resolved
    if (signal.aborted) return null
    let init: RequestInit
    try {
      checkURL(url)
      init = {
        method,
        headers: withOwnHeaders(headers, lastEventId),
        cache: 'no-store',
        signal,
        ...(body !== undefined && { body }),
        ...(body instanceof ReadableStream && { duplex: 'half' }),
        ...(credentials && { credentials }),
      }
    } catch (cause) {
      fail(new SSEError('network', `The request can't be made: ${messageOf(cause)}. A relative URL needs a page or baseUrl`, { cause }))
      return null
    }
    startAt = lastEventId
    try {
      return await fetchNow(url, init)
    } catch (cause) {
      fail(new SSEError('network', 'The server could not be reached, or CORS forbids to read its answer', { cause, retryable: true }))
      return null
    }
  }
  let startAt = ''

  async function run() {
    const response = await respond()
    if (!response) return
    const { status, headers } = response
    if (signal.aborted) return void response.body?.cancel().catch(() => {})
    if (status === 204) return sink.end(true)
    if (responseError(status, headers)) {
      const body = await excerpt(response, clock)
      const error = responseError(status, headers, body)
      if (error) fail(error)
      return
    }
    if (response.body === undefined)
      return fail(new SSEError('network', 'This fetch does not stream bodies: pass fetchTransport({ fetch }) one that does'))
    sink.open({ status, headers })
    await read(response.body)
  }

  async function read(body: ReadableStream<Uint8Array> | null) {
    const reader = body?.getReader()
    // A custom fetch may not obey the signal: its body is released here.
    const release = () => void reader?.cancel().catch(() => {})
    signal.addEventListener('abort', release)
    if (signal.aborted) return release()
    let cursor = startAt
    const parser = createParser({
      onEvent(event) {
        cursor = event.lastEventId
        sink.event(event)
      },
      onRetry: (ms) => sink.retry(ms),
      maxEventSize: request.maxEventSize,
      lastEventId: startAt,
    })
    end = parser.end
    try {
      // A plain loop: pipeThrough costs about four times as much.
      for (;;) {
        const chunk = await reader?.read()
        if (signal.aborted) return
        if (!chunk || chunk.done) break
        sink.activity(chunk.value.byteLength)
        parser.feed(chunk.value)
        if (parser.lastEventId !== cursor && !signal.aborted) sink.cursor?.((cursor = parser.lastEventId))
        if (flowing) await flowing
      }
    } catch (cause) {
      return fail(
        cause instanceof SSEError ? cause : new SSEError('network', 'The connection broke', { cause, retryable: true }),
      )
    }
    signal.removeEventListener('abort', release)
    if (!signal.aborted) sink.end()
  }

  // Nothing in it rejects: whatever can fail is told to the sink.
  void run()

  return {
    close() {
      end()
      controller.abort()
      flow()
    },
    listen() {},
    pause() {
      flowing ??= new Promise((resolve) => (flow = resolve))
    },
    resume() {
      flow()
      flowing = null
    },
  }
}

/** Exactly the headers that EventSource sends, beside the user's own. */
function withOwnHeaders(given: ResolvedRequest['headers'], lastEventId: string): Headers {
  const headers = new Headers(given)
  headers.set('Accept', 'text/event-stream')
  // "(`Last-Event-ID`, value), where value is the result of UTF-8 encoding the last event ID": a header
  // takes bytes, written as characters up to U+00FF.
  if (lastEventId) headers.set('Last-Event-ID', String.fromCharCode(...new TextEncoder().encode(lastEventId)))
  return headers
}

/** @throws TypeError for a URL that no request can go to */
function checkURL(url: string): URL {
  return new URL(url, (globalThis as { location?: { href: string } }).location?.href)
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
