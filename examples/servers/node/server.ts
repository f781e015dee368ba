// Plain node:http, without a library: what a handler must do when it writes by itself.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { encodeEvent, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { eventOf, ops } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS, eventsAfter, stats } from '../stream.ts'

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  async function stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const lastEventId = lastEventIdOf(request)
    if (!(await log.reaches(lastEventId))) return void response.writeHead(410, CORS).end()

    const gone = new AbortController()
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform', // `no-transform` also stops proxies that compress
      'X-Accel-Buffering': 'no', // tells nginx not to buffer
      ...CORS,
      ...resumeHeaders(lastEventId), // everything after this id follows
    })
    response.write(': open\n\n') // sends the headers: the client is open before the first event
    const heartbeat = setInterval(() => response.write(': beat\n\n'), heartbeatMs)
    // Comes once, whoever ends it.
    response.once('close', () => {
      clearInterval(heartbeat)
      gone.abort()
    })
    for await (const event of eventsAfter(log, lastEventId, gone.signal)) {
      // A client that takes nothing makes this wait, not the memory grow.
      if (!response.write(encodeEvent(ops, event))) await once(response, 'drain', { signal: gone.signal }).catch(() => {})
    }
    response.end()
  }

  async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = eventOf(await json(request).catch(() => null))
    if (!event) return void response.writeHead(400, CORS).end()
    response.writeHead(201, { ...CORS, 'Content-Type': 'application/json' }).end(JSON.stringify({ id: await log.append(event) }))
  }

  const server = createServer((request, response) => {
    // What a stranger sends need not be a URL.
    const [path] = (request.url ?? '/').split('?')
    const route = `${request.method} ${path}`
    // A log that lives elsewhere may be away: clients come back.
    const away = () => (response.headersSent ? response.destroy() : response.writeHead(503, { ...CORS, 'Retry-After': '1' }).end())
    if (route === 'GET /events') void stream(request, response).catch(away)
    else if (route === 'POST /events') void publish(request, response).catch(away)
    else if (route === 'OPTIONS /events') response.writeHead(204, CORS).end()
    else if (route === 'GET /stats') response.end(JSON.stringify(stats(log)))
    else response.writeHead(404).end()
  }).listen(port)
  await once(server, 'listening')

  return {
    // A seam: it listens to TCP.
    port: (server.address() as AddressInfo).port,
    stop: () => endOrderly(server, log),
  }
}
