// Fastify 5, which sends the `Response` that `eventStream` gives.
import type { AddressInfo } from 'node:net'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { fastify } from 'fastify'
import { eventOf, ops } from '../events.ts'
import { CORS, eventsAfter, stats } from '../stream.ts'

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const app = fastify()
  app.addHook('onRequest', async (_, reply) => void reply.headers(CORS))

  app.get('/events', async (request, reply) => {
    const lastEventId = lastEventIdOf(request)
    if (!(await log.reaches(lastEventId))) return reply.code(410).send()

    return reply.send(
      eventStream(ops, (signal) => eventsAfter(log, lastEventId, signal), { heartbeatMs, headers: resumeHeaders(lastEventId) }),
    )
  })

  app.post('/events', async (request, reply) => {
    const event = eventOf(request.body)
    return event ? reply.code(201).send({ id: await log.append(event) }) : reply.code(400).send()
  })

  app.options('/events', async (_, reply) => reply.code(204).send())
  app.get('/stats', async () => stats(log))

  // Runs before the server closes; `onClose` would wait for the streams that this ends.
  app.addHook('preClose', async () => log.end())
  await app.listen({ port })

  // A seam: it listens to TCP.
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() }
}
