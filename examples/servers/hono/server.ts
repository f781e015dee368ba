// Hono on Node, with its `streamSSE`.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { serve as listen } from '@hono/node-server'
import { lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { eventOf } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS, spreadMs, stats } from '../stream.ts'

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(CORS)) context.header(name, value)
  })

  app.get('/events', async (context) => {
    const lastEventId = lastEventIdOf(context.req.raw)
    if (!(await log.reaches(lastEventId))) return context.body(null, 410)

    const response = streamSSE(context, async (stream) => {
      const gone = new AbortController()
      const heartbeat = setInterval(() => void stream.write(': beat\n\n'), heartbeatMs)
      stream.onAbort(() => gone.abort())
      try {
        await stream.write(': open\n\n') // the client is open before the first event
        for await (const { type, data, id } of log.read(lastEventId, gone.signal))
          await stream.writeSSE({ event: type, data: JSON.stringify(data), id })
        if (!gone.signal.aborted) await stream.write(`retry: ${spreadMs()}\n\n`)
      } finally {
        clearInterval(heartbeat)
      }
    })
    // `streamSSE` sets `no-cache` alone.
    const headers = { 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no', ...resumeHeaders(lastEventId) }
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  })

  app.post('/events', async (context) => {
    const event = eventOf(await context.req.json().catch(() => null))
    return event ? context.json({ id: await log.append(event) }, 201) : context.body(null, 400)
  })

  app.options('/events', (context) => context.body(null, 204))
  app.get('/stats', (context) => context.json(stats(log)))

  // A seam: without options of HTTP/2 it is a server of HTTP/1.
  const server = listen({ fetch: app.fetch, port }) as Server
  await once(server, 'listening')

  return {
    // A seam: it listens to TCP.
    port: (server.address() as AddressInfo).port,
    stop: () => endOrderly(server, log),
  }
}
