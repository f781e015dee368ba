import type { EventMap, RequestHeaders, SSEDefinition } from 'eventwire/core'
import type { WireEvent } from '../protocol/format-event.js'
import type { EventOf } from './payload.js'
import { write } from './encode-event.js'

/** Events to send, or what makes them; `signal` aborts when the client has gone. */
export type EventSource<E = WireEvent> = Events<E> | ((signal: AbortSignal) => Events<E>)
type Events<E> = AsyncIterable<E> | Iterable<E>

/** How a stream is sent. */
export interface EventStreamOptions {
  /** After how long a silence a comment is sent, so that proxies and clients know of life. `false`: never. Default 15,000. */
  heartbeatMs?: number | false | undefined
  /** How long clients are to wait before they reconnect, in ms. Default: their own. */
  retry?: number | undefined
  /** More headers, or others: those of `resumeHeaders`, CORS. */
  headers?: RequestHeaders | undefined
}

const USUAL = [
  ['Content-Type', 'text/event-stream'],
  // `no-transform` keeps proxies that compress from holding events back.
  ['Cache-Control', 'no-cache, no-transform'],
  // nginx buffers, unless it is told not to.
  ['X-Accel-Buffering', 'no'],
] as const

/** Longer delays than this run off at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * Answers with events as they come. The first bytes, a comment, go out at once, and a comment after each silence. The next
 * event is asked for when the client has taken the one before; when it leaves, `signal` aborts and the iterator's
 * `return()` is called. What the iterable throws breaks the connection, and clients reconnect; its end is a planned one.
 *
 * @throws TypeError on misuse, at the call
 *
 * @example
 * ```tsx
 * import { eventStream } from 'eventwire/server'
 *
 * export function GET() {
 *   return eventStream(async function* (signal) {
 *     for (let count = 1; !signal.aborted; count++) {
 *       yield { type: 'tick', id: String(count), data: { count } }
 *       await new Promise((next) => setTimeout(next, 1000))
 *     }
 *   })
 * }
 * ```
 */
export function eventStream<const M extends EventMap>(
  definition: SSEDefinition<M>,
  source: EventSource<EventOf<M>>,
  options?: EventStreamOptions,
): Response
export function eventStream(definition: undefined, source: EventSource, options?: EventStreamOptions): Response
export function eventStream(source: EventSource, options?: EventStreamOptions): Response
export function eventStream(...args: readonly unknown[]): Response {
  // Seams: the overloads say which is which.
  const bare = isSource(args[0])
  const definition = (bare ? undefined : args[0]) as SSEDefinition | undefined
  const [source, options = {}] = (bare ? args : args.slice(1)) as [EventSource, EventStreamOptions?]
  if (!isSource(source)) throw new TypeError('eventStream needs an iterable of events, or a function that gives one')
  const { heartbeatMs = 15_000, retry, headers } = options
  if (heartbeatMs !== false && !(heartbeatMs > 0)) throw new TypeError(`heartbeatMs is ${heartbeatMs}: a time in ms, or false`)
  const opening = write(undefined, { comment: '', retry })
  return new Response(body(definition, source, opening, heartbeatMs), { headers: headersWith(headers) })
}

function isSource(value: unknown): value is EventSource {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

function headersWith(own: RequestHeaders | undefined): Headers {
  const headers = new Headers(own)
  for (const [name, value] of USUAL) if (!headers.has(name)) headers.set(name, value)
  return headers
}

function body(
  definition: SSEDefinition | undefined,
  source: EventSource,
  opening: string,
  heartbeatMs: number | false,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  let iterator: AsyncIterator<WireEvent> | Iterator<WireEvent> | null = null
  let heartbeat: ReturnType<typeof setTimeout> | undefined

  function send(to: ReadableStreamDefaultController<Uint8Array>, text: string) {
    to.enqueue(encoder.encode(text))
    clearTimeout(heartbeat)
    if (heartbeatMs !== false) heartbeat = setTimeout(beat, Math.min(heartbeatMs, MAX_DELAY_MS), to)
  }

  /** What a client has not yet taken is sign of life enough. */
  function beat(to: ReadableStreamDefaultController<Uint8Array>) {
    if ((to.desiredSize ?? 0) > 0) send(to, ':\n\n')
    else heartbeat = setTimeout(beat, Math.min(Number(heartbeatMs), MAX_DELAY_MS), to)
  }

  function leave() {
    clearTimeout(heartbeat)
    gone.abort()
    const left = iterator
    iterator = null
    // Nobody is left to hear what fails now. Not awaited: a generator that waits returns after its wait.
    void (async () => left?.return?.())().catch(() => {})
  }

  return new ReadableStream<Uint8Array>({
    start: (to) => to.enqueue(encoder.encode(opening)),
    // Asked when there is room; not before somebody reads, so that what nobody reads holds nothing.
    async pull(to) {
      try {
        iterator ??= start(to)
        const next: IteratorResult<WireEvent, unknown> = await iterator.next()
        if (gone.signal.aborted) return
        if (!next.done) return send(to, write(definition, next.value))
        iterator = null
        leave()
        to.close()
      } catch (error) {
        if (gone.signal.aborted) return
        leave()
        to.error(error)
      }
    },
    cancel: leave,
  })

  function start(to: ReadableStreamDefaultController<Uint8Array>) {
    if (heartbeatMs !== false) heartbeat = setTimeout(beat, Math.min(heartbeatMs, MAX_DELAY_MS), to)
    const events = typeof source === 'function' ? source(gone.signal) : source
    return Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]()
  }
}
