import type { OpenInfo, SSEError, Transport, TransportAttempt, TransportRequest, TransportSink } from 'eventwire/core'
import { fetchTransport } from 'eventwire/core'

/**
 * Asks again and again, for networks where no stream survives: proxies that hold an answer back until it ends, or cut what
 * takes long. The server answers with the events after `Last-Event-ID`, as an event stream, and ends; a `retry:` of its own
 * outranks `everyMs`. Between two answers the stream is `reconnecting`, as it is over EventSource.
 */
export function pollingTransport({ everyMs }: { readonly everyMs: number }): Transport {
  if (!(everyMs > 0)) throw new TypeError(`everyMs is ${everyMs}: a time in ms`)
  const { can } = fetchTransport()
  return {
    name: 'polling',
    // It holds nothing back between two answers.
    can: new Set([...can].filter((capability) => capability !== 'pause')),
    options: { everyMs },
    open: (request, sink) => poll(everyMs, request, sink),
  }
}

function poll(everyMs: number, request: TransportRequest, sink: TransportSink): TransportAttempt {
  const clock = request.clock ?? { now: Date.now, setTimeout, clearTimeout: (id: unknown) => clearTimeout(Number(id)) }
  let [waitMs, cursor, opened]: [number, string | null, boolean] = [everyMs, null, false]
  let timer: unknown

  function ask(): TransportAttempt {
    // Asked anew for every answer: a token may have expired since the last one.
    const resolve = async () => {
      const resolved = await request.resolve()
      return { ...resolved, lastEventId: (cursor ??= resolved.lastEventId) }
    }
    opened = false
    return fetchTransport().open({ ...request, resolve }, { ...sink, open, event, cursor: moved, retry, end, fail })
  }
  function open(info: OpenInfo) {
    opened = true
    sink.open(timer === undefined ? info : { resumed: cursor !== '', ...info })
  }
  const event: TransportSink['event'] = (raw) => sink.event({ ...raw, lastEventId: (cursor = raw.lastEventId) })
  const moved = (lastEventId: string) => sink.cursor?.((cursor = lastEventId))
  const retry = (ms: number) => void (waitMs = ms)
  const end = (final?: boolean) => (final ? sink.end(true) : wait())
  // A break after the beginning is what the next answer makes good; of all else the client is the judge.
  const fail = (error: SSEError) => (opened && error.retryable ? wait(error) : sink.fail(error))

  function wait(error?: SSEError) {
    timer = clock.setTimeout(() => (answer = ask()), waitMs)
    sink.waiting({ retryAt: clock.now() + waitMs, error })
  }

  let answer = ask()
  return { listen() {}, close: () => (clock.clearTimeout(timer), answer.close()) }
}
