import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'

/** A stream of ticks, with how many connections the server has for it. */
export interface Tick {
  readonly tick: number
  readonly connections: number
}

const EVERY_MS = 250
const REPLAYED = 1_000

/** Counts, replays from the cursor, and ends when it is told to. */
export function createTickServer() {
  const readers = new Set<ServerResponse>()
  let last = 0
  const textOf = (tick: number) => `id: ${tick}\ndata: ${JSON.stringify({ tick, connections: readers.size } satisfies Tick)}\n\n`

  const timer = setInterval(() => {
    const text = textOf(++last)
    for (const reader of readers) reader.write(text)
  }, EVERY_MS)

  const http = createServer()
  return {
    http,
    /** Answers `GET /events`; `false` for what is not its own. */
    answer(path: string, cursor: string, response: ServerResponse): boolean {
      if (path !== '/events') return false
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
        ...(cursor && { 'Last-Event-ID': cursor }),
      })
      readers.add(response)
      response.on('close', () => readers.delete(response))
      response.write(': hello\n\n')
      for (let tick = Math.max(Number(cursor || last), last - REPLAYED) + 1; tick <= last; tick++) response.write(textOf(tick))
      return true
    },
    async close() {
      clearInterval(timer)
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
