import type { SSEEvent } from '../protocol/event.js'
import type { SSEClient } from './client.js'
import type { EventMap } from './reader.js'
import type { SourceOptions } from './source.js'
import { SSEError } from '../protocol/errors.js'

/** How many events may wait for the loop; past it the server waits, where the transport can make it. */
const QUEUE = 1_024
/** Where it can't, this many; past it the stream fails rather than forget one. */
const QUEUE_UNPAUSED = 65_536

/** What {@link openSSE} takes: a source, and a signal to end it. */
export interface OpenOptions<E extends SSEEvent = SSEEvent> extends Omit<
  SourceOptions<E>,
  'events' | 'onMessage' | 'onClose' | 'history' | 'enabled' | 'keepPreviousData' | 'notify' | 'linger'
> {
  events?: EventMap | undefined
  /** Ends the loop, quietly. */
  signal?: AbortSignal | undefined
}

/** Reads a stream of its own, event by event. `client` shares nothing else. */
export function iterate(client: SSEClient, options: OpenOptions): AsyncGenerator<SSEEvent, void, undefined> {
  const reading = { stop() {} }
  const events = eventsOf(client, options, reading)
  const finish = events.return.bind(events)
  // A generator that waits within `next` hears of `return` only when that is over.
  events.return = (value) => {
    reading.stop()
    return finish(value)
  }
  return events
}

async function* eventsOf(
  client: SSEClient,
  { signal, ...source }: OpenOptions,
  reading: { stop(): void },
): AsyncGenerator<SSEEvent, void, undefined> {
  let queue: SSEEvent[] = []
  /** What of the queue was read: shifting a long array costs its length. */
  let read = 0
  let over = signal?.aborted ?? false
  const failure: { error: SSEError | null } = { error: null }
  let wake = () => {}

  const binding = client.bind()
  const settings = binding.settle([], source, {
    onMessage(_, event) {
      queue.push(event)
      const waiting = queue.length - read
      if (waiting >= QUEUE) binding.stream()?.pause()
      if (waiting > QUEUE_UNPAUSED && !settings?.transport.can.has('pause')) overflow()
      wake()
    },
  })
  if (!settings) throw new TypeError('openSSE needs a url')
  const { readKey: key } = settings

  function overflow() {
    failure.error = new SSEError('too-large', `${QUEUE_UNPAUSED} events wait to be read: read faster, or use fetchTransport(), which can make the server wait`)
    binding.close()
    end()
  }
  function end() {
    over = true
    wake()
  }
  if (over) return

  binding.update(settings)
  let leave = () => {}
  // At once, also while the loop is busy with an event.
  reading.stop = () => {
    end()
    leave()
  }
  signal?.addEventListener('abort', reading.stop)
  leave = binding.attach(key, null, () => {
    const { status, error } = binding.snapshot(key)
    if (status !== 'closed' && status !== 'failed') return
    if (status === 'failed') failure.error ??= error
    end()
  })
  try {
    for (;;) {
      const event = signal?.aborted ? undefined : queue[read]
      if (event) {
        if (++read === queue.length) {
          queue = []
          read = 0
          binding.stream()?.resume()
        } else if (read >= QUEUE) {
          queue.splice(0, read)
          read = 0
        }
        yield event
      } else if (over) break
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    if (failure.error && !signal?.aborted) throw failure.error
  } finally {
    signal?.removeEventListener('abort', reading.stop)
    leave()
  }
}
