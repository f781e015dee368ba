import type { RequestListener, Server } from 'node:http'
import type { Http2SecureServer, SecureServerOptions, ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'

/** A key and its certificate, as PEM. With them the server speaks HTTP/2, and HTTP/1.1 to those who don't. */
export interface Certificate {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
}

/** A port, and who is connected to it. */
export interface Listener {
  readonly port: number
  /** Takes connections, at the same port as before. Rejects when it can't. */
  listen(): Promise<void>
  /** Takes none any more; those there are stay. */
  refuse(): void
  /** Takes none any more, and breaks those there are. */
  close(): Promise<void>
}

export function createListener(
  wanted: number,
  host: string,
  certificate: Certificate | undefined,
  answer: RequestListener,
): Listener {
  const sockets = new Set<Socket>()
  const sessions = new Set<ServerHttp2Session>()
  let port = wanted
  const server: Server | Http2SecureServer = certificate
    ? createSecureServer(secure(certificate))
    : createServer()
  // A seam: Node gives HTTP/2 the same face, in classes that have no type in common with HTTP/1.1's.
  ;(server as Server).on('request', (request, response) => {
    // A client may have kept the connection of an answer that was under way, or have asked for more behind it.
    if (!server.listening && request.httpVersionMajor === 1) request.socket.destroy()
    else answer(request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    if (!server.listening) session.close()
  })

  function refuse() {
    if (server.listening) server.close()
    // A client must not ask for more over a connection that it has.
    for (const session of sessions) session.close()
  }

  return {
    get port() {
      return port
    },
    listen: () =>
      new Promise((resolve, reject) => {
        if (server.listening) return resolve()
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          // A seam: a server that listens on a port has an address object.
          port = (server.address() as AddressInfo).port
          resolve()
        })
      }),
    refuse,
    async close() {
      const gone = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      refuse()
      for (const socket of sockets) socket.destroy()
      await Promise.all(gone)
    },
  }
}

function secure({ key, cert }: Certificate): SecureServerOptions {
  const pem = (text: string | Uint8Array) => (typeof text === 'string' ? text : Buffer.from(text))
  return { key: pem(key), cert: pem(cert), allowHTTP1: true }
}
