import type {
  ResolvedRequest,
  Transport,
  TransportAttempt,
  TransportRequest,
  TransportSink,
} from '../protocol/transport.js'
import { SSEError } from '../protocol/errors.js'
import { systemClock } from '../protocol/clock.js'
import { createParser } from '../protocol/parser.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { createBuffering } from './buffering.js'
import { sendRequest } from './send-request.js'
import { createPageTurns } from './page-turns.js'
import { defectError, networkError } from './network-error.js'
import { askRequest, fetchInit, leavesCursorOut } from './request.js'
import { refusalOf } from './response.js'
import { beginningOf, warnOfStrayBody } from './stray-body.js'

/** Settings of {@link fetchTransport}. */
export interface FetchTransportOptions {
  /** Any implementation of fetch that streams response bodies. Default: the global one, looked up for every attempt. */
  fetch?: typeof fetch | undefined
}

/**
 * The default transport: fetch, with a streamed response body. Can do everything that HTTP can.
 *
 * @example
 * ```tsx
 * import { createSSEClient, fetchTransport } from 'eventwire/core'
 *
 * export const client = createSSEClient({
 *   transport: fetchTransport({ fetch: (url, init) => fetch(url, { ...init, integrity: '' }) }),
 * })
 * ```
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  return {
    name: 'fetch',
    can: new Set(['headers', 'method', 'status', 'activity', 'comments', 'all-types', 'cursor', 'pause'] as const),
    options: { fetch: options.fetch },
    open: (request, sink) => attempt(options.fetch, request, sink),
  }
}

/** So much of a chunk is read without a look at the time, in bytes. */
const PIECE = 65_536

function attempt(fetchNow: typeof fetch | undefined, request: TransportRequest, sink: TransportSink): TransportAttempt {
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
    try {
      const resolved = await askRequest(request)
      if (signal.aborted) return
      const response = await sendRequest(fetchNow, resolved, fetchInit(resolved, signal, fetchNow !== undefined))
      const { status, headers, body } = response
      if (!signal.aborted) {
        if (status === 204) return sink.end(true)
        const refusal = await refusalOf(response, request.clock, resolved.method)
        if (refusal) return fail(refusal)
      }
      if (!signal.aborted) sink.open({ status, headers, ...(leavesCursorOut(resolved) && { resumed: false }) })
      await read(body, resolved)
    } catch (cause) {
      fail(defectError(cause))
    }
  }

  async function read(body: ReadableStream<Uint8Array> | null, resolved: ResolvedRequest) {
    const reader = body?.getReader()
    let cursor = resolved.lastEventId
    /** How it began, for as long as nothing was read from it. */
    let beginning: Uint8Array | null = null
    let useful = false
    let commented = false
    const { clock = systemClock } = request
    const buffering = MODE_KNOWN && process.env.NODE_ENV !== 'production' ? createBuffering(() => clock.now()) : null
    const parser = createParser({
      onEvent(event) {
        useful = true
        cursor = event.lastEventId
        buffering?.event(event.type)
        sink.event(event)
      },
      onRetry: (ms) => sink.retry(ms),
      // Who takes none spares the parser their text.
      onComment: sink.comment && ((text) => {
        buffering?.comment()
        if (!commented && !signal.aborted) sink.comment?.(text)
        commented = true
      }),
      maxEventSize: request.maxEventSize,
      lastEventId: cursor,
    })
    // Whatever a platform's `cancel` gives back, or throws.
    const cancel = async () => reader?.cancel()
    function release() {
      parser.end()
      flow()
      // A custom fetch may not obey the signal, and the answer may have come too late: its body is released here.
      cancel().catch(() => {})
    }
    signal.addEventListener('abort', release)
    if (signal.aborted) return release()
    const broke = (cause: unknown) => {
      throw networkError(cause, true, resolved)
    }
    const turns = createPageTurns(() => clock.now())
    // A plain loop: pipeThrough costs about four times as much.
    for (;;) {
      const asked = clock.now()
      const chunk = await reader?.read().catch(broke)
      turns.waited(clock.now() - asked)
      if (signal.aborted) return
      if (!chunk || chunk.done) break
      const { value } = chunk
      sink.activity(value.byteLength)
      commented = false
      buffering?.read(value)
      if (!useful) beginning ??= beginningOf(value)
      // WebKit gives megabytes at once: a page lives between pieces of them.
      let from = 0
      do {
        parser.feed(value.byteLength > PIECE ? value.subarray(from, from + PIECE) : value)
        if (parser.lastEventId !== cursor && !signal.aborted) sink.cursor?.((cursor = parser.lastEventId))
        if (flowing) await flowing
        const turn = turns.due()
        if (turn) await turn
        from += PIECE
      } while (from < value.byteLength && !signal.aborted)
    }
    if (beginning && !useful) warnOfStrayBody(beginning)
    if (signal.aborted) return
    // A proxy that speaks HTTP/1.0 to its server makes a crash look like a clean end.
    if (parser.end()) fail(new SSEError('interrupted', 'The stream ended in the middle of an event', { retryable: true }))
    else sink.end()
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
