import type { SSEError } from '../protocol/errors.js'
import type { Transport, TransportAttempt, TransportRequest, TransportSink } from '../protocol/transport.js'
import { createParser } from '../protocol/parser.js'
import { askRequest, fetchInit, networkError } from './request.js'
import { refusalOf } from './response.js'

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
  // Settled when nobody holds the body back.
  let flowing: Promise<void> | null = null
  let flow = () => {}

  function fail(error: SSEError) {
    if (signal.aborted) return
    sink.fail(error)
    // Whatever is left of the response is of no use to anyone.
    controller.abort()
  }

  async function run() {
    let opened = false
    try {
      const resolved = await askRequest(request)
      if (signal.aborted) return
      const response = await fetchNow(resolved.url, fetchInit(resolved, signal))
      const { status, headers, body } = response
      if (!signal.aborted) {
        if (status === 204) return sink.end(true)
        const refusal = await refusalOf(response, request.clock)
        if (refusal) return fail(refusal)
      }
      opened = true
      if (!signal.aborted) sink.open({ status, headers })
      await read(body, resolved.lastEventId)
    } catch (cause) {
      fail(networkError(cause, opened))
    }
  }

  async function read(body: ReadableStream<Uint8Array> | null, startAt: string) {
    const reader = body?.getReader()
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
    function release() {
      parser.end()
      flow()
      // A custom fetch may not obey the signal, and the answer may have come too late: its body is released here.
      reader?.cancel().catch(() => {})
    }
    signal.addEventListener('abort', release)
    if (signal.aborted) return release()
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
    if (!signal.aborted) sink.end()
  }

  // Nothing in it rejects: whatever can fail is told to the sink.
  void run()

  return {
    close: () => controller.abort(),
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
