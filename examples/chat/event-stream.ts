import type { IncomingMessage, ServerResponse } from 'node:http'

/** How much may wait for a slow page, in bytes. Past it the page is dropped; it resumes from its last id. */
const MAX_WAITING = 1024 * 1024
/** Time between two comments while the model thinks, in ms: proxies see traffic. */
const HEARTBEAT_MS = 15_000

/** One response that is an event stream. */
export interface EventStream {
  send(event: { readonly id?: number; readonly data: string }): void
  /** Ends it properly. */
  end(): void
  /** Cuts the connection, as a broken network would. */
  cut(): void
}

/** @param onClose - called once when it is over, whoever ended it */
export function openEventStream(request: IncomingMessage, response: ServerResponse, onClose: () => void): EventStream {
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return
    if (response.writableLength > MAX_WAITING) response.destroy()
    else response.write(text)
  }
  // Small writes go out at once instead of waiting to be joined.
  request.socket.setNoDelay(true)
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // `no-transform` also keeps compressing proxies from holding events back.
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  })
  const heartbeat = setInterval(() => write(': thinking\n\n'), HEARTBEAT_MS)
  response.once('close', () => {
    clearInterval(heartbeat)
    onClose()
  })
  // The comment flushes the headers: the page knows now that it was heard, not at the first word.
  write(': welcome\n\n')
  return {
    send: ({ id, data }) => write(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`),
    end: () => void response.end(),
    cut: () => void response.destroy(),
  }
}
