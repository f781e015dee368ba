import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MockConnection, WireEvent } from 'eventwire/testing'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** A server as anyone writes one: the measure of those that the kit has. */
export async function startBareServer() {
  const arrived: MockConnection[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => arrived.push(connection(request, response, body)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    origin: `http://127.0.0.1:${port}`,
    shift: () => arrived.shift(),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function connection(request: IncomingMessage, response: ServerResponse, body: string): MockConnection {
  const { method = '', url = '' } = request
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const lastEventId = Buffer.from(headers['last-event-id'] ?? '', 'latin1').toString()
  const closed = new Promise<void>((resolve) => response.once('close', resolve))
  const open = (own?: object) => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream', ...own }).flushHeaders()
  }
  const sendBytes = (bytes: string | Uint8Array) => (open(), response.write(bytes))
  return {
    request: { method, url, headers, body, lastEventId, json: () => JSON.parse(body) as unknown },
    answer: () => Promise.reject(new Error('A plain server has no script')),
    get state() {
      return response.destroyed || response.writableFinished ? 'closed' : response.headersSent ? 'open' : 'pending'
    },
    closed,
    open,
    sendBytes,
    send: (event) => sendBytes(written(event)),
    comment: (words = '') => sendBytes(`: ${words}\n\n`),
    end: () => (open(), response.end()),
    drop: () => response.destroy(),
    respond(status, own = {}, words = '') {
      const sent = Object.fromEntries(new Headers(own))
      response.writeHead(status, sent)
      if (sent['content-type']?.startsWith('text/event-stream')) response.write(words)
      else response.end(words)
    },
    stall() {},
  }
}

function written({ type, id, data, retry }: WireEvent): string {
  let lines = ''
  if (type !== undefined) lines += `event: ${type}\n`
  if (id !== undefined) lines += `id: ${id}\n`
  if (retry !== undefined) lines += `retry: ${retry}\n`
  if (data !== undefined) lines += `data: ${typeof data === 'string' ? data.split('\n').join('\ndata: ') : JSON.stringify(data)}\n`
  return `${lines}\n`
}
