import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a request asked. */
export interface Asked {
  readonly url: string
  readonly cursor: string
  readonly authorization: string | undefined
}

/** A real server of one stream, which does what a test says. */
export interface ServedStream {
  readonly url: string
  readonly origin: string
  readonly requests: readonly Asked[]
  /** Streams that are open right now. */
  readonly open: number
  /** Sends an event to all. `id: null`: without one. */
  send(data: string, options?: { readonly id?: string | null; readonly type?: string }): void
  /** Sends so many, in one write each. */
  sendMany(count: number): void
  /** Bytes as they are. */
  write(text: string): void
  /** Ends every stream, in order or not. */
  end(): void
  drop(): void
  /** Refuses from now on, or answers again; only who has this `authorization`, where it is said. */
  refuse(status: number | null, headers?: Readonly<Record<string, string>>, authorization?: string): void
  /** Requests wait from now on; `answer` answers the oldest of them. */
  hold(): void
  readonly waiting: number
  answer(): void
  /** What was sent so far, in order. */
  readonly sent: readonly string[]
  close(): Promise<void>
}

interface Sent {
  readonly id: string
  readonly data: string
  readonly text: string
}

/** @param replays - whether it goes on from a cursor, with all that has an id, and says so; else it begins with what comes next */
export async function serveStream({ replays = true, oldest = 0 }: { replays?: boolean; oldest?: number } = {}): Promise<ServedStream> {
  const requests: Asked[] = []
  const log: Sent[] = []
  const readers = new Set<ServerResponse>()
  let refusal: { status: number; headers: Readonly<Record<string, string>>; authorization: string | undefined } | null = null

  const held: (() => void)[] = []
  let holds = false

  function take(request: IncomingMessage, response: ServerResponse) {
    if (holds) held.push(() => answer(request, response))
    else answer(request, response)
  }

  function answer(request: IncomingMessage, response: ServerResponse) {
    const cursor = String(request.headers['last-event-id'] ?? new URL(request.url ?? '/', 'http://h').searchParams.get('since') ?? '')
    requests.push({ url: request.url ?? '', cursor, authorization: request.headers.authorization })
    const isRefused = refusal && (refusal.authorization === undefined || refusal.authorization === request.headers.authorization)
    if (refusal && isRefused) return void response.writeHead(refusal.status, refusal.headers).end()
    const place = log.map(({ id }) => id).lastIndexOf(cursor)
    if (cursor !== '' && replays && place < oldest - 1) return void response.writeHead(410).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...(replays && cursor !== '' && { 'Last-Event-ID': cursor }) })
    response.write(': hello\n\n')
    if (cursor !== '' && replays) response.write(log.slice(place + 1).filter(({ id }) => id !== '').map(({ text }) => text).join(''))
    readers.add(response)
    response.on('close', () => readers.delete(response))
  }

  const server = createServer(take)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A seam: a server that listens on a port has an address with one.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const served: ServedStream = {
    url: `${origin}/events`,
    origin,
    requests,
    get open() {
      return readers.size
    },
    get sent() {
      return log.map(({ data }) => data)
    },
    send(data, { id = String(log.length + 1), type } = {}) {
      const text = `${id === null ? '' : `id: ${id}\n`}${type ? `event: ${type}\n` : ''}data: ${data}\n\n`
      log.push({ id: id ?? '', data, text })
      for (const reader of readers) reader.write(text)
    },
    sendMany(count) {
      for (let left = count; left > 0; left--) served.send(String(log.length + 1))
    },
    write: (text) => readers.forEach((reader) => reader.write(text)),
    end: () => readers.forEach((reader) => reader.end()),
    drop: () => readers.forEach((reader) => reader.destroy()),
    refuse(status, headers = {}, authorization) {
      refusal = status === null ? null : { status, headers, authorization }
    },
    hold() {
      holds = true
    },
    get waiting() {
      return held.length
    },
    answer: () => held.shift()?.(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return served
}
