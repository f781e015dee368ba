import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { WireFormat } from './answer.ts'
import { eventsOf } from './answer.ts'

/** A server that answers as a model does. */
export interface AnswerServer {
  readonly origin: string
  close(): void
}

const TICK_MS = 4

/**
 * Serves the page at `/`, and answers at `/answer?format=…&tokens=…&rate=…`, of so many tokens a second; without a rate all
 * at once.
 *
 * @param script - the built page's, as a module
 */
export async function startServer(script: string): Promise<AnswerServer> {
  const code = await readFile(script)
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/answer') void answer(request, response, url.searchParams)
    else if (url.pathname === '/page.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(code)
    else
      response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
  request.resume()
  await once(request, 'end')
  // A seam: the page asks for the formats that there are.
  const events = eventsOf(query.get('format') as WireFormat, Number(query.get('tokens')))
  const rate = Number(query.get('rate')) || Infinity
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'x-vercel-ai-ui-message-stream': 'v1',
  })
  const began = performance.now()
  for (let at = 0; at < events.length && !response.destroyed; ) {
    // By the clock: a timer that is late makes the answer no longer.
    const due = rate === Infinity ? events.length : Math.min(events.length, Math.ceil(((performance.now() - began) / 1000) * rate))
    if (due > at) response.write(events.slice(at, due).join(''))
    at = Math.max(at, due)
    if (at < events.length) await wait(TICK_MS)
  }
  response.end()
}
