import type { RawEvent, Transport } from 'eventwire/core'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

/** What a transport made of a stream. */
export interface TransportReading {
  readonly events: readonly RawEvent[]
  readonly retries: readonly number[]
  readonly lastEventId: string
}

/**
 * Answers every request with these chunks, each of which is read by itself. A platform fetch of our own, because no
 * server can promise that: TCP and the client's buffers join and cut chunks as they like, and what is cut in a hundred
 * places is to be read in exactly these.
 */
function fetchOf(chunks: Iterable<Uint8Array>): typeof fetch {
  return async () => {
    const left = [...chunks]
    const body = new ReadableStream({
      pull(controller) {
        const chunk = left.shift()
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
    })
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
  }
}

/** Reads chunks to their end by a transport over fetch, without a network. Rejects when the attempt fails. */
export function readChunks(
  create: (options: { fetch: typeof fetch }) => Transport,
  chunks: Iterable<Uint8Array>,
): Promise<TransportReading> {
  return readStream(create({ fetch: fetchOf(chunks) }), 'http://localhost/')
}

/** Reads a stream to its end. Rejects when the attempt fails. */
export function readStream(transport: Transport, url: string): Promise<TransportReading> {
  return new Promise((resolve, reject) => {
    recordAttempt(transport, { url }, (report, { of, reports }) => {
      // What ends in the middle of an event was read to its end, too.
      const interrupted = report.kind === 'fail' && report.error.code === 'interrupted'
      if (report.kind === 'fail' && !interrupted) reject(report.error)
      if (report.kind !== 'end' && !interrupted) return
      const moves = reports.flatMap((one) =>
        one.kind === 'event' ? one.event.lastEventId : one.kind === 'cursor' ? one.lastEventId : [],
      )
      resolve({
        events: of('event').map(({ event }) => event),
        retries: of('retry').map(({ ms }) => ms),
        lastEventId: moves.at(-1) ?? '',
      })
    })
  })
}
