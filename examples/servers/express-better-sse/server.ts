// Express 5 with better-sse, which writes the events and the heartbeats.
import type { AddressInfo } from 'node:net'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { createSession } from 'better-sse'
import { lastEventIdOf, resumeHeaders } from 'eventwire/server'
import express from 'express'
import { eventOf } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS, spreadMs, stats } from '../stream.ts'

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const app = express()
  app.use(express.json(), (_, response, next) => {
    response.set(CORS)
    next()
  })

  app.get('/events', async (request, response) => {
    // `session.lastId` has the bytes of the header; this is its text.
    const lastEventId = lastEventIdOf(request)
    if (!(await log.reaches(lastEventId))) return void response.status(410).end()

    const gone = new AbortController()
    const session = await createSession(request, response, {
      keepAlive: heartbeatMs,
      headers: { 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no', ...resumeHeaders(lastEventId) },
    })
    session.once('disconnected', () => gone.abort())
    for await (const { type, data, id } of log.read(lastEventId, gone.signal)) {
      session.push(data, type, id)
      // The library does not wait for a client that takes nothing: past a bound, it is better cut off.
      if (response.writableLength > 1_000_000) response.destroy()
    }
    if (!session.isConnected) return
    await session.batch((buffer) => void buffer.retry(spreadMs()).dispatch())
    response.end()
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
