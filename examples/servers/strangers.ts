import { connect } from 'node:net'

/** Requests as strangers send them: paths, hosts and origins that are none. */
const STRANGE = [
  ['GET //', ''],
  ['GET /%', ''],
  ['GET /events/%', ''],
  ['GET /events?%=%&ticket=%', ''],
  ['POST //', 'Content-Length: 0\r\n'],
  ['POST /events', 'Origin: null\r\nContent-Length: 0\r\n'],
  ['GET /events', 'Origin: null\r\nCookie: session=%\r\nAuthorization: Bearer\r\nLast-Event-ID: %\r\n'],
] as const

/** @throws Error where a server does not answer one, or answers none of the paths that come after */
export async function survives(url: string, paths: readonly string[]): Promise<void> {
  for (const [line, headers] of STRANGE)
    for (const host of ['localhost', 'a b']) {
      const answer = await raw(url, `${line} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`)
      if (!answer.startsWith('HTTP/1.1 ')) throw new Error(`${line}, Host: ${host}: ${answer || 'no answer'}`)
    }
  for (const path of paths) {
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    if (!answer.startsWith('HTTP/1.1 ')) throw new Error(`${path}: no answer any more`)
  }
}

/** The beginning of an answer. */
async function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(request)
  for await (const chunk of socket) {
    socket.destroy()
    return String(chunk)
  }
  return ''
}
