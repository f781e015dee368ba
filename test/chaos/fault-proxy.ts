import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { Random } from './random.js'

/** What happens to one connection. */
export type Fault = (client: Socket, upstream: () => Socket, random: Random) => void

const answer = (status: string, headers: string, body: string): Fault => (client) =>
  void client.once('data', () =>
    client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n\r\n${body}`),
  )

/** Passes on so many bytes of the answer, and then does something. */
const after =
  (least: number, most: number, then: (client: Socket, server: Socket) => void): Fault =>
  (client, upstream, random) => {
    const server = upstream()
    let left = random.between(least, most)
    client.pipe(server)
    server.on('data', (chunk: Buffer) => {
      if (left <= 0) return
      client.write(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) then(client, server)
    })
    server.on('close', () => client.destroy())
  }

/** A connection that works. */
const sound: Fault = (client, upstream) => {
  const server = upstream()
  client.pipe(server)
  server.pipe(client)
}

/** Every fault by its name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  sound,
  'a clean cut, wherever it falls': after(100, 2_000, (client) => client.end()),
  'a reset, wherever it falls': after(100, 2_000, (client) => client.resetAndDestroy()),
  'a cut in the headers': after(1, 80, (client) => client.end()),
  'silence, the socket open': after(100, 1_500, () => {}),
  'no answer': () => {},
  'a refused connection': (client) => void client.destroy(),
  'a slow drip': (client, upstream) => {
    const server = upstream()
    client.pipe(server)
    let waiting: Buffer = Buffer.alloc(0)
    server.on('data', (chunk: Buffer) => (waiting = Buffer.concat([waiting, chunk])))
    const timer = setInterval(() => {
      client.write(waiting.subarray(0, 7))
      waiting = waiting.subarray(7)
    }, 1)
    client.on('close', () => clearInterval(timer))
    server.on('close', () => clearInterval(timer))
  },
  'a 503': answer('503 Service Unavailable', 'Content-Type: text/plain', 'later'),
  'a 429 that says when': answer('429 Too Many Requests', 'Retry-After: 0', 'slower'),
  'a 404 in the middle of a deploy': answer('404 Not Found', 'Content-Type: text/plain', 'gone'),
  'a page in the middle of a deploy': answer('200 OK', 'Content-Type: text/html', '<!doctype html>'),
  'a redirect': answer('307 Temporary Redirect', 'Location: /events', ''),
  'a clean end at once': answer('200 OK', 'Content-Type: text/event-stream', ''),
  'half an event and a clean end': answer('200 OK', 'Content-Type: text/event-stream', 'id: 99999\ndata: half'),
  garbage: (client, _, random) => void client.once('data', () => client.end(Buffer.from(Array.from({ length: 200 }, () => random.between(0, 255))))),
}

/** A TCP proxy of which each connection has the fault that comes next, and after the last of them none. */
export interface FaultProxy {
  readonly port: number
  readonly connections: number
  close(): void
}

export async function createFaultProxy(port: number, faults: readonly Fault[], random: Random): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // What one end breaks the other hears of by itself.
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((client) => {
    keep(client)
    const fault = faults[connections++] ?? sound
    let upstream: Socket | null = null
    fault(client, () => (upstream = keep(connect(port, '127.0.0.1'))), random)
    client.on('close', () => upstream?.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // A seam: a server that listens on a port has an address with one.
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
