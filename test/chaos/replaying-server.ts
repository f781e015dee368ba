import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CORS } from '../transports/scripts.js'
import type { Random } from './random.js'

/** A real server that keeps every event and replays from the cursor. */
export interface ReplayingServer {
  readonly port: number
  /** What every client has to get, once and in order: id and data. */
  readonly events: readonly { readonly id: number; readonly data: string }[]
  /** Connections that are open right now. */
  readonly open: number
  close(): void
}

const TEXTS = ['plain', 'жизнь — это', '日本語', '😀 emoji', 'two\nlines', '"quoted"', ' leading space', 'a:colon', '']

/** One event on the wire, in one of the ways that a server may write it. */
function written(id: number, data: string, random: Random): string {
  const end = random.pick(['\n', '\n', '\r\n'])
  const lines = data.split('\n').map((line) => `data: ${line}${end}`)
  const beside = random.next() < 0.2 ? `: comment ${id}${end}` : ''
  const type = random.next() < 0.3 ? `event: named${end}` : ''
  return `${beside}id: ${id}${end}${type}${lines.join('')}${end}`
}

/** Sends so many events, a few at a time, to everyone who reads. */
export async function serveEvents(count: number, random: Random): Promise<ReplayingServer> {
  const events: { id: number; data: string; text: string }[] = []
  const readers = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (request.url === '/moved') return void response.writeHead(307, { Location: '/events' }).end()
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('since')
    const cursor = Number(request.headers['last-event-id'] ?? asked ?? 0)
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(': hello\n\n')
    for (const { id, text } of events) if (id > cursor) response.write(text)
    readers.add(response)
    response.on('close', () => readers.delete(response))
    response.on('error', () => readers.delete(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let timer: ReturnType<typeof setTimeout>
  function produce() {
    for (let burst = random.between(1, 6); burst > 0 && events.length < count; burst--) {
      const id = events.length + 1
      const data = `${id} ${random.pick(TEXTS)}`
      const text = written(id, data, random)
      events.push({ id, data, text })
      for (const reader of readers) reader.write(text)
    }
    if (events.length < count) timer = setTimeout(produce, random.between(1, 15))
  }
  timer = setTimeout(produce, 1)
  return {
    // A seam: a server that listens on a port has an address with one.
    port: (server.address() as AddressInfo).port,
    events,
    get open() {
      return readers.size
    },
    close() {
      clearTimeout(timer)
      server.closeAllConnections()
      server.close()
    },
  }
}
