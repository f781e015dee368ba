// Express 5, with `eventStream` for the stream.
import type { AddressInfo } from 'node:net'
import type { ReadableStream } from 'node:stream/web'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { Readable, pipeline } from 'node:stream'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import express from 'express'
import { eventOf, ops } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS, eventsAfter, stats } from '../stream.ts'

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const app = express()
  app.use(express.json(), (_, response, next) => {
    response.set(CORS)
    next()
  })

  app.get('/events', async (request, response) => {
    const lastEventId = lastEventIdOf(request)
    if (!(await log.reaches(lastEventId))) return void response.status(410).end()

    const stream = eventStream(ops, (signal) => eventsAfter(log, lastEventId, signal), {
      heartbeatMs,
      headers: resumeHeaders(lastEventId),
    })
    response.writeHead(200, Object.fromEntries(stream.headers))
    // A seam: the web's stream has one type in the DOM and one in Node. `pipeline` cancels it when the client leaves.
    pipeline(Readable.fromWeb(stream.body as ReadableStream), response, () => {})
  })

  app.post('/events', async (request, response) => {
    const event = eventOf(request.body)
    if (event) response.status(201).json({ id: await log.append(event) })
    else response.status(400).end()
  })

  app.get('/stats', (_, response) => void response.json(stats(log)))

  const server = app.listen(port)
  await once(server, 'listening')

  return {
    // A seam: it listens to TCP.
    port: (server.address() as AddressInfo).port,
    stop: () => endOrderly(server, log),
  }
}
