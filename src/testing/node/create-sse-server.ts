import type { RequestHeaders } from 'eventwire/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WireEvent } from '../../protocol/format-event.js'
import type { MockSSE, MockSSEOptions, URLPattern } from '../mock-interface.js'
import type { HTTPConnection } from './http-connection.js'
import type { Certificate } from './listener.js'
import type { Drip } from './outflow.js'
import { text } from 'node:stream/consumers'
import { complain, createArrivals, requestLine } from '../arrivals.js'
import { matchesURL, nameOfPattern } from '../url-pattern.js'
import { breakOff, connectHTTP } from './http-connection.js'
import { createListener } from './listener.js'
import { createReplayBuffer } from './replay-buffer.js'

/** Settings of {@link createSSEServer}. */
export interface SSEServerOptions extends MockSSEOptions {
  /** The URLs it serves, others get a 404. Default: all. */
  url?: URLPattern | undefined
  /** Default: any that is free. */
  port?: number | undefined
  /** Default `'127.0.0.1'`. */
  host?: string | undefined
  /** A key and its certificate: then it speaks HTTP/2, and HTTP/1.1 to those who don't. */
  tls?: Certificate | undefined
  /**
   * How many events of `server.send` to keep for who comes back with `Last-Event-ID`. With it the server opens every
   * connection by itself, and gives ids to events that have none. Default: none.
   */
  replay?: number | undefined
}

/** A real HTTP server that misbehaves when told to. What {@link createSSEServer} makes. */
export interface SSEServer extends MockSSE {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly origin: string
  /** The origin, with the path if there is one to serve. */
  readonly url: string
  readonly port: number
  /** To all that are open. */
  send(event: WireEvent): void
  comment(text?: string): void
  /** Breaks every connection. */
  cut(): void
  /** Silences every connection, and leaves new ones without an answer. */
  stall(): void
  /** Lets bytes out slowly. Default: one every 50 ms. */
  drip(how?: Partial<Drip>): void
  /** Answers so many requests to come with an error. Default: 503. */
  burst(times: number, status?: number, headers?: RequestHeaders): void
  /** Refuses new connections, as a server does that is down; those there are stay. */
  refuse(): void
  /** Ends all of that, for connections to come; drips turn into floods. */
  heal(): Promise<void>
  /** Breaks every connection and stops listening. */
  close(): Promise<void>
}

/** How long a client that has let go may take until the network tells, in ms. */
const GRACE_MS = 1_000

/**
 * Starts a real server, for tests in a browser. Pages of any origin may read it, with credentials too.
 *
 * @throws Error when it can't listen
 *
 * @example
 * ```tsx
 * import { createSSEServer } from 'eventwire/testing/node'
 *
 * const server = await createSSEServer({ url: '/events', replay: 100 })
 * console.log(server.url)
 * server.send({ type: 'tick', id: '1', data: { count: 1 } })
 * server.cut()
 * await server.close()
 * ```
 */
export async function createSSEServer(options: SSEServerOptions = {}): Promise<SSEServer> {
  const { url, host = '127.0.0.1', tls, replay, timeoutMs = GRACE_MS } = options
  const name = `createSSEServer(${url === undefined ? '' : `{ url: ${nameOfPattern(url)} }`})`
  const arrivals = createArrivals(name, options)
  const buffer = createReplayBuffer(replay ?? 0)
  const present = new Set<HTTPConnection>()
  let bursting = { times: 0, status: 503, headers: {} as RequestHeaders }
  let stalling = false
  let dripping: Drip | null = null

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cors = corsFor(request)
    const line = `${request.method ?? ''} ${request.url ?? ''}`
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end()
    if (url !== undefined && !matchesURL(url, request.url ?? '')) {
      arrivals.refuse(`${line}${by(request)}`)
      return void response.writeHead(404, { ...cors, 'content-type': 'text/plain' }).end(`${name} got a request that nobody expected: ${line}\n`)
    }
    let gone = false
    response.once('close', () => (gone = true))
    const body = await text(request)
    if (gone) return
    const connection = connectHTTP(request, response, body, cors, dripping)
    const { handle } = connection
    present.add(connection)
    void handle.closed.then(() => present.delete(connection))
    if (stalling) handle.stall()
    if (bursting.times > 0) {
      bursting.times--
      handle.respond(bursting.status, bursting.headers, `${name}: a burst of ${bursting.status}\n`)
    }
    if (replay !== undefined && handle.state === 'pending') {
      handle.open()
      for (const event of buffer.after(handle.request.lastEventId)) handle.send(event)
    }
    arrivals.add(handle)
  }

  const listener = createListener(options.port ?? 0, host, tls, (request, response) => {
    // A request that breaks while it is read needs no answer.
    answer(request, response).catch(() => breakOff(response))
  })
  await listener.listen()

  function eachOpen(run: (connection: HTTPConnection) => void) {
    for (const connection of [...present]) if (connection.handle.state === 'open') run(connection)
  }

  const origin = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${listener.port}`

  return {
    origin,
    url: typeof url === 'string' ? new URL(url, origin).href : origin,
    port: listener.port,
    connections: arrivals.connections,
    attempted: arrivals.attempted,
    connected: arrivals.connected,
    expectCursor: arrivals.expectCursor,
    send(event) {
      const kept = buffer.add(event)
      eachOpen(({ handle }) => handle.send(kept))
    },
    comment: (words) => eachOpen(({ handle }) => handle.comment(words)),
    cut: () => [...present].forEach(({ handle }) => handle.drop()),
    stall() {
      stalling = true
      for (const { handle } of present) handle.stall()
    },
    drip({ bytes = 1, everyMs = 50 } = {}) {
      dripping = { bytes, everyMs }
      for (const { drip } of present) drip(dripping)
    },
    burst(times, status = 503, headers = {}) {
      bursting = { times, status, headers }
    },
    refuse: () => listener.refuse(),
    async heal() {
      stalling = false
      dripping = null
      bursting.times = 0
      for (const { drip } of present) drip(null)
      await listener.listen()
    },
    async close() {
      for (const { handle } of present) handle.drop()
      await listener.close()
    },
    async verify() {
      await within(Math.min(timeoutMs, GRACE_MS), Promise.all([...present].map(({ handle }) => handle.closed)))
      complain([
        ...[...present].map(({ handle }) => `${name}: a connection leaked: ${requestLine(handle)}${by(handle.request)} is still ${handle.state}`),
        ...arrivals.complaints(),
      ])
    },
  }
}

/** Any page may ask for anything and read everything. */
function corsFor({ headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers
  if (!origin) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': 'Retry-After, Last-Event-ID',
    vary: 'Origin',
  }
}

function by({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const agent = headers['user-agent']
  return typeof agent === 'string' ? `, asked for by ${agent}` : ''
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await Promise.race([done, new Promise((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
