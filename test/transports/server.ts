import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/**
 * A real HTTP server that answers as the test says, for what `createSSEServer` does not let a test do: write as fast as
 * the client reads and no faster (`drain`), and answer by a script that the browser's tests share, chunk by chunk, each
 * written before the next.
 */
export interface RealServer {
  readonly url: string
  readonly requests: IncomingMessage[]
  /** Answers every request from now on. */
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** Destroys every socket, and stops listening. */
  close(): Promise<void>
}

export const EVENT_STREAM = { 'Content-Type': 'text/event-stream' }

export async function startServer(): Promise<RealServer> {
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    requests.push(request)
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
    answer: (_, response) => void response.writeHead(404).end(),
    async close() {
      server.close()
      sockets.forEach((socket) => socket.destroy())
      await once(server, 'close')
    },
  }
  return real
}
