import type { IncomingMessage, ServerResponse } from 'node:http'

/** How a stream of `/replay` goes wrong. */
export type Outage = 'killed' | '503' | 'ended' | '204' | '404' | 'html' | '401'

const TOTAL = 30
const AT_ONCE = 5

/** Requests so far, by the `key` in the query. */
const asked = new Map<string, number>()
const refused = new Map<string, string | undefined>()

/**
 * Thirty events with ids that begin as the query's `ids` says, five for each request, replayed from its `cursor`, else
 * from `Last-Event-ID`; between them the outage that it names with `how`. After the last the stream stays open.
 */
export function replay(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams): void {
  const how = parameters.get('how')
  const key = parameters.get('key') ?? ''
  const ids = parameters.get('ids') ?? ''
  const time = (asked.get(key) ?? 0) + 1
  asked.set(key, time)

  if (how === '204' || how === '404') return void response.writeHead(Number(how)).end()
  if (how === 'html') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>')
  if (how === '503' && time % 2 === 0) return void response.writeHead(503).end()
  const { authorization } = request.headers
  // A token serves once: every other request finds it expired, and one that comes back with it is refused again.
  if (how === '401' && (time % 2 === 1 || authorization === refused.get(key))) {
    refused.set(key, authorization)
    return void response.writeHead(401).end()
  }

  // A header's bytes come as Latin-1; what was sent is UTF-8.
  const header = Buffer.from(String(request.headers['last-event-id'] ?? ''), 'latin1').toString('utf8')
  const cursor = parameters.get('cursor') ?? header
  const after = cursor.startsWith(`${ids}-`) ? Number(cursor.slice(ids.length + 1)) : 0
  const last = Math.min(after + AT_ONCE, TOTAL)
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.write(': hello\n\n')
  for (let id = after + 1; id <= last; id++) response.write(`id: ${ids}-${id}\ndata: ${id}\n\n`)
  if (last === TOTAL) return
  if (how === 'ended') response.end()
  // What was written leaves first.
  else setImmediate(() => request.socket.end(() => request.socket.destroy()))
}
