import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A real HTTP server that answers as the test says. */
export interface RealServer {
  readonly url: string
  readonly requests: IncomingMessage[]
  /** How many connections clients hold, idle ones of keep-alive aside. */
  readonly streams: number
  /** Answers every request from now on. */
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** Destroys every socket, as a crash does. */
  kill(): void
  close(): Promise<void>
}

export const EVENT_STREAM = { 'Content-Type': 'text/event-stream' }

export async function startServer(): Promise<RealServer> {
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  let streams = 0
  const server = createServer((request, response) => {
    requests.push(request)
    streams++
    response.once('close', () => streams--)
    real.answer(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A seam: a server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo
  const real: RealServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    get streams() {
      return streams
    },
    answer: (_, response) => void response.writeHead(404).end(),
    kill: () => sockets.forEach((socket) => socket.destroy()),
    async close() {
      server.close()
      real.kill()
      await once(server, 'close')
    },
  }
  return real
}
