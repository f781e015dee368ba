import type { Request, Response } from 'express'
import type { Clock } from './clock.ts'
import type { SentEvent } from './replay-buffer.ts'

/** How much may wait for a slow client, in bytes. Past it the client is dropped; it resumes from its last id. */
const MAX_WAITING = 1024 * 1024

export interface EventStreamOptions {
  clock: Clock
  /** Time between two heartbeats, in ms. */
  heartbeatMs: number
  /** What the client is told to wait before it reconnects, in ms. */
  retryMs: number
  /** Called once when the stream is over, whoever ended it. */
  onClose: () => void
}

/** One response that stays open. */
export interface EventStream {
  send(event: SentEvent): void
  /** Sends bytes as they are. */
  write(text: string): void
  /** Ends the response properly. */
  end(): void
  /** Cuts the connection, as a broken network would. */
  drop(): void
}

/** Turns a response into an event stream. */
export function openEventStream(request: Request, response: Response, options: EventStreamOptions): EventStream {
  const { clock, heartbeatMs, retryMs, onClose } = options
  let heartbeat: unknown

  const write = (text: string): void => {
    // Between `end` and `close` others may still publish; a write after the end would throw.
    if (response.writableEnded || response.destroyed) return
    if (response.writableLength > MAX_WAITING) response.destroy()
    else response.write(text)
  }
  const beatLater = (): void => {
    heartbeat = clock.setTimeout(() => {
      // A line that starts with a colon is a comment: proxies see traffic, clients see nothing.
      write(': heartbeat\n\n')
      beatLater()
    }, heartbeatMs)
  }

  // Small writes go out at once instead of waiting to be joined.
  request.socket.setNoDelay(true)
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // `no-transform` also keeps compressing proxies from holding events back.
    'Cache-Control': 'no-cache, no-transform',
    // Tells nginx not to buffer.
    'X-Accel-Buffering': 'no',
  })
  // `close` comes once, whether the client left, `end` was called or the connection was cut.
  response.once('close', () => {
    clock.clearTimeout(heartbeat)
    onClose()
  })
  // The comment flushes the headers: the client is open now, not at the first event.
  write(`: welcome\nretry: ${retryMs}\n\n`)
  beatLater()

  return {
    send: (event) => write(`id: ${event.id}\nevent: ${event.type}\ndata: ${event.data}\n\n`),
    write,
    end: () => void response.end(),
    drop: () => void response.destroy(),
  }
}
