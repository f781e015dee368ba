// Who is logged in by a cookie, for the browser's own EventSource, which sends no header; and tickets, where no cookie goes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReadableStream } from 'node:stream/web'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { eventStream, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { ops } from '../events.ts'
import { endOrderly } from '../orderly-end.ts'
import { eventsAfter } from '../stream.ts'

/** A ticket stands in a URL, which ends up in logs: it is worth nothing once it was used, or after so many ms. */
const TICKET_MS = 30_000

export async function serve(log: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  /** By what the cookie says: what ends all streams of a session. */
  const sessions = new Map<string, AbortController>()
  const tickets = new Map<string, string>()

  function sessionOf({ headers }: IncomingMessage, query: URLSearchParams): string | undefined {
    const ticket = query.get('ticket') ?? ''
    const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
    const [, cookie = ''] = /(?:^|; )session=([^;]+)/.exec(headers.cookie ?? '') ?? []
    const session = tickets.get(ticket) ?? bearer ?? cookie
    tickets.delete(ticket)
    return sessions.has(session) ? session : undefined
  }

  async function stream(request: IncomingMessage, response: ServerResponse, over: AbortSignal): Promise<void> {
    const lastEventId = lastEventIdOf(request, { param: 'after' })
    if (!(await log.reaches(lastEventId))) return void response.writeHead(410).end()
    const events = (signal: AbortSignal) => eventsAfter(log, lastEventId, AbortSignal.any([signal, over]))
    const answer = eventStream(ops, events, { heartbeatMs, headers: resumeHeaders(lastEventId) })
    response.writeHead(200, Object.fromEntries(answer.headers))
    // A seam: the web's stream has one type in the DOM and one in Node. `pipeline` cancels it when the client leaves.
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), response)
  }

  function act(action: string, session: string | undefined, response: ServerResponse): unknown {
    if (action === '/login') {
      const id = crypto.randomUUID()
      sessions.set(id, new AbortController())
      // In production `Secure`, too. Lax: a page of another site sends it with no POST.
      return response.writeHead(204, { 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/` }).end()
    }
    if (session === undefined) return response.writeHead(401).end()
    if (action === '/logout') {
      sessions.get(session)?.abort()
      sessions.delete(session)
      return response.writeHead(204).end()
    }
    const ticket = crypto.randomUUID()
    tickets.set(ticket, session)
    setTimeout(() => tickets.delete(ticket), TICKET_MS).unref()
    return response.end(ticket)
  }

  const server = createServer((request, response) => {
    // What a stranger sends need not be a URL.
    const [path = '/', query] = (request.url ?? '/').split('?')
    const session = sessionOf(request, new URLSearchParams(query))
    // A POST changes something: from a page of ours alone, whatever the browser makes of cookies.
    const { origin, host } = request.headers
    const isForeign = origin !== undefined && origin.replace(/^https?:\/\//, '') !== host
    if (path === '/') response.setHeader('Content-Type', 'text/html').end('<!doctype html>')
    else if (request.method === 'POST' && isForeign) response.writeHead(403).end()
    else if (request.method === 'POST') act(path, session, response)
    else if (session === undefined) response.writeHead(401).end()
    else void stream(request, response, sessions.get(session)?.signal ?? AbortSignal.abort()).catch(() => response.destroy())
  }).listen(port)
  await once(server, 'listening')
  // A seam: it listens to TCP.
  return { port: (server.address() as AddressInfo).port, stop: () => endOrderly(server, log) }
}
