import type { NotInALoop } from '../options/check-options.js'
import type { EventMap } from '../options/reader-options.js'
import type { SourceOptions, SSESource } from '../options/source.js'
import type { SSEEvent } from '../protocol/event.js'
import type { SSEClient } from './client.js'
import type { AskedSource } from './reader-slot.js'
import { checkLoop, checkRecord } from '../options/check-options.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'
import { SSEError } from '../protocol/errors.js'
import { createEventBuffer, OVERFLOW } from './event-buffer.js'

/** What {@link openSSE} takes beside a source, and a signal to end it. */
export interface OpenOptions<E extends SSEEvent = SSEEvent> extends Omit<SourceOptions<E>, 'events' | NotInALoop> {
  /** Decoders by event type. Default: none, and `decode` reads every type. */
  events?: EventMap | undefined
  /** Ends the loop, quietly. Default: none. */
  signal?: AbortSignal | undefined
}

type Result = IteratorResult<SSEEvent, void>

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
/**
 * Reads a stream of its own, event by event. `client` shares nothing else.
 *
 * @throws TypeError on misuse, at once
 */
export function iterate(
  client: SSEClient,
  given: SSESource | Partial<OpenOptions>,
  over: Partial<OpenOptions>,
): AsyncGenerator<SSEEvent, void, undefined> {
  if (MODE_KNOWN && process.env.NODE_ENV !== 'production') checkRecord('Options', over)
  const { signal: second, ...options } = over
  const { source, signal = second } = withoutSignal(given)
  if (MODE_KNOWN && process.env.NODE_ENV !== 'production') check(source, options, signal)
  const buffer = createEventBuffer()
  const slot = client.bind()
  const asked = slot.ask([], source, { ...options, ...hearing(source, options), onMessage: (_, event) => take(event) })
  if (!asked) throw new TypeError('openSSE needs a url')
  const { settings, key }: AskedSource = asked
  /** Who waits for an event, in the order in which they asked. */
  const takers: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let state: 'new' | 'reading' | 'over' = 'new'
  let failure: SSEError | null = null
  let leave = () => {}

  function take(event: SSEEvent) {
    buffer.push(event)
    if (buffer.full) slot.stream()?.pause()
    if (buffer.overflown && !settings.transport.can.has('pause')) end(new SSEError('too-large', OVERFLOW))
    serve()
  }

  function begin() {
    state = 'reading'
    signal?.addEventListener('abort', stop)
    slot.update(asked)
    leave = slot.attach(key, null, false, () => {
      const { status, error } = slot.snapshot(key)
      if (status === 'closed' || status === 'failed') end(status === 'failed' ? error : null)
    })
    // It may have ended before it could be left.
    if (state !== 'reading') leave()
  }

  /** Nothing more comes; what waits is still given. */
  function end(error: SSEError | null) {
    if (state === 'over') return
    state = 'over'
    failure = error
    signal?.removeEventListener('abort', stop)
    leave()
    serve()
  }

  /** At once, also while the loop is busy with an event: what waits is of interest to nobody. */
  function stop() {
    buffer.clear()
    failure = null
    end(null)
  }

  function serve() {
    for (let taker = takers[0]; taker; taker = takers[0]) {
      const event = buffer.shift()
      if (!event && state !== 'over') return
      takers.shift()
      if (event) taker.resolve({ done: false, value: event })
      else if (failure) taker.reject(failure)
      else taker.resolve({ done: true, value: undefined })
      if (!event) failure = null
      if (buffer.empty) slot.stream()?.resume()
    }
  }

  const iterator = {
    next() {
      if (signal?.aborted) stop()
      else if (state === 'new') begin()
      return new Promise<Result>((resolve, reject) => {
        takers.push({ resolve, reject })
        serve()
      })
    },
    async return(): Promise<Result> {
      stop()
      return { done: true, value: undefined }
    },
    async throw(error: unknown): Promise<Result> {
      stop()
      throw error
    },
    [Symbol.asyncIterator]: () => iterator,
    async [Symbol.asyncDispose]() {
      stop()
    },
  }
  return iterator
}

/** The source itself, where it names no signal: a definition is known by being the same object. */
function withoutSignal(given: SSESource | Partial<OpenOptions>): { source: SSESource; signal: AbortSignal | undefined } {
  // A seam: whatever else is in it is found out when it is resolved.
  if (typeof given !== 'object' || given === null || !('signal' in given)) return { source: given as SSESource, signal: undefined }
  const { signal, ...source } = given
  return { source: source as SSESource, signal }
}

function check(source: SSESource, options: object, signal: unknown): void {
  if (signal !== undefined && !(typeof signal === 'object' && signal && 'aborted' in signal))
    throw new TypeError('signal must be an AbortSignal: pass controller.signal')
  checkLoop(source, options)
}

/** Where nobody hears of errors, what can't be decoded is told in development: else it is lost without a word. */
function hearing(source: SSESource, options: Partial<OpenOptions>): Pick<Partial<OpenOptions>, 'onError'> {
  // What it is wrongly given is refused by name.
  const heard = [source, options].some((said) => typeof said === 'object' && said && 'onError' in said && said.onError !== undefined)
  if (heard || !MODE_KNOWN || process.env.NODE_ENV === 'production') return {}
  return {
    onError({ code, message, body }) {
      if (code !== 'invalid-event') return
      warnOnce(`eventwire: openSSE left out an event. ${message}. It begins: ${body?.slice(0, 80)}. Pass onError to hear of every one`)
    },
  }
}
