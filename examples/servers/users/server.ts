// A stream for each user, `GET /events/:userId`: who asks says by a token who they are, and gets their own events alone.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReadableStream } from 'node:stream/web'
import type { Addressed } from '../channels.ts'
import type { EventLog } from '../event-log.ts'
import type { OpsEvent } from '../events.ts'
import type { RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { jwtVerify } from 'jose'
import { channelOf } from '../channels.ts'
import { eventOf, ops } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { CORS, spreadMs } from '../stream.ts'

const HEADERS = { ...CORS, 'Access-Control-Allow-Headers': 'Last-Event-ID, Content-Type, Authorization' }

/** The secret that tokens are signed with. In your app it comes from where secrets are kept. */
const secret = new TextEncoder().encode(process.env['TOKEN_SECRET'] ?? 'a secret for this example alone, 32 bytes')

/** Who sent a request, and until when that holds; `null` for who does not say, or no longer. */
async function userOf(request: IncomingMessage): Promise<{ id: string; until: number } | null> {
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
  const { payload } = await jwtVerify(token, secret).catch(() => ({ payload: null }))
  return payload?.sub === undefined ? null : { id: payload.sub, until: (payload.exp ?? Infinity) * 1_000 }
}

export async function serve(log: EventLog<Addressed<OpsEvent>>, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    if (request.method === 'OPTIONS') return response.writeHead(204, HEADERS).end()
    // Ids here need no escape: what has one is nobody's.
    const [, id] = /^\/events\/([\w.~-]+)(?:\?|$)/.exec(request.url ?? '') ?? []
    if (id === undefined) return response.writeHead(404, HEADERS).end()
    const user = await userOf(request)
    // 401: come back with a fresh token. 403: none would help.
    if (!user) return response.writeHead(401, { ...HEADERS, 'WWW-Authenticate': 'Bearer' }).end()
    const publishes = request.method === 'POST' && user.id === 'publisher'
    if (!publishes && user.id !== id) return response.writeHead(403, HEADERS).end()
    const channel = channelOf(log, id)
    if (publishes) {
      const event = eventOf(await json(request).catch(() => null))
      if (!event) return response.writeHead(400, HEADERS).end()
      return response.writeHead(201, HEADERS).end(JSON.stringify({ id: await channel.append(event) }))
    }
    const lastEventId = lastEventIdOf(request)
    if (!(await channel.reaches(lastEventId))) return response.writeHead(410, HEADERS).end()
    // A stream lives no longer than what allowed it: clients that know `exp` renew before, others come back with another.
    const expires = new AbortController()
    const timer = Number.isFinite(user.until) ? setTimeout(() => expires.abort(), user.until - Date.now()) : undefined
    const events = async function* (signal: AbortSignal) {
      yield* channel.read(lastEventId, AbortSignal.any([signal, expires.signal]))
      if (!signal.aborted) yield { retry: expires.signal.aborted ? 100 : spreadMs() }
    }
    const stream = eventStream(ops, events, { heartbeatMs, headers: { ...HEADERS, ...resumeHeaders(lastEventId) } })
    response.writeHead(200, Object.fromEntries(stream.headers))
    response.flushHeaders()
    // A seam: the web's stream has one type in the DOM and one in Node. `pipeline` cancels it when the client leaves.
    return pipeline(Readable.fromWeb(stream.body as ReadableStream), response).finally(() => clearTimeout(timer))
  }

  const server = createServer((request, response) => {
    // A log that lives elsewhere may be away: clients come back.
    const away = () => (response.headersSent ? response.destroy() : response.writeHead(503, { ...HEADERS, 'Retry-After': '1' }).end())
    void answer(request, response).catch(away)
  }).listen(port)
  await once(server, 'listening')
  return {
    // A seam: it listens to TCP.
    port: (server.address() as AddressInfo).port,
    stop: () => endOrderly(server, log),
  }
}
