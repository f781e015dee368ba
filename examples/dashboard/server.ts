import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import express from 'express'
import type { Express, Request } from 'express'
import { systemClock } from './clock.ts'
import { openEventStream } from './event-stream.ts'
import type { EventStream } from './event-stream.ts'
import { createFeed } from './feed.ts'
import type { Feed, FeedOptions } from './feed.ts'
import { createOutage } from './outage.ts'
import { createTokens } from './tokens.ts'

export interface DashboardServerOptions extends FeedOptions {
  /** Where the events come from; it outlives this server. Default: one of its own, which ends with it. */
  feed?: Feed
  /** Time between two heartbeat comments, in ms. Default 15 s. */
  heartbeatMs?: number
  /** What clients are told to wait before they reconnect, in ms. Default 1 s. */
  retryMs?: number
  /** How long the 503 button's outage lasts, in ms. Default 10 s. */
  outageMs?: number
  /** How long the silence lasts that the other button asks for, in ms. Default 10 s. */
  silenceMs?: number
  /** How long a token is good for, in ms. Default 5 minutes. */
  tokenMs?: number
}

/** What `GET /stats` answers. */
export interface DashboardStats {
  /** Event streams open now. */
  connections: number
  /** Event streams asked for since the server started, refused ones included. */
  requests: number
  /** Events published a second, over the last five. */
  eventsPerSecond: number
}

export interface DashboardServer {
  /** Routes of your own go here, before or after `listen`. */
  readonly app: Express
  readonly http: Server
  stats(): DashboardStats
  /** Takes `port`, or the next free one; `0` for any. Gives the URL. */
  listen(port: number): Promise<string>
  /** Ends every stream and lets everything go. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** An event that stops in the middle of its JSON. It has no id, so nobody resumes from it. */
const MALFORMED_EVENT = 'event: metrics\ndata: {"cpu": 12.5, "memory":\n\n'

/** What comes after the cursor is gone. */
const RESET_EVENT = 'event: reset\ndata: the cursor is too old\n\n'

/** The dashboard's server: one event stream, and buttons to break it with. */
export function createDashboardServer(options: DashboardServerOptions = {}): DashboardServer {
  const { clock = systemClock, heartbeatMs = 15_000, retryMs = 1000, tokenMs = 300_000 } = options
  const { outageMs = 10_000, silenceMs = 10_000, feed = createFeed(options) } = options

  const outage = createOutage(clock)
  const tokens = createTokens(clock, tokenMs)
  /** Every open stream, with the name that its client gave itself. */
  const streams = new Map<EventStream, string>()
  const streamsOf = (client: string) => [...streams].flatMap(([stream, name]) => (name === client ? [stream] : []))
  let requests = 0
  /** Ids up to this one are too old, because a button said so. */
  let forgotten: string | null = null
  const isForgotten = (id: string) =>
    forgotten !== null && (id === forgotten || feed.after(id)?.some((event) => event.id === forgotten) === true)

  const stats = (): DashboardStats => ({
    connections: streams.size,
    requests,
    eventsPerSecond: feed.eventsPerSecond(),
  })

  /** Says so first: a page that knows of a deploy takes the end that follows for what it is. */
  const endAll = (): void => {
    feed.publish('deploy', { phase: 'starting' })
    for (const stream of streams.keys()) stream.end()
  }

  const app = express()
  app.disable('x-powered-by')

  // Whoever asks gets one: this demo has tokens that expire, but no users.
  app.post('/token', (request, response) => {
    response.set('Cache-Control', 'no-store').json(tokens.issue(clientOf(request)))
  })

  app.get('/events', (request, response) => {
    requests++
    const trouble = outage.now()
    if (trouble?.kind === 'refused') {
      const seconds = Math.ceil(trouble.remainingMs / 1000)
      response.status(503).type('text').send(`Out of order for ${seconds} s more, as you asked.`)
      return
    }
    if (trouble) {
      const held = clock.setTimeout(() => response.destroy(), trouble.remainingMs)
      response.once('close', () => clock.clearTimeout(held))
      return
    }
    const expiresAt = tokens.expiresAt(tokenOf(request))
    if (expiresAt === null) {
      response.set('WWW-Authenticate', 'Bearer error="invalid_token"').status(401)
      response.type('text').send('This token is not good, or not any more: POST /token gives a fresh one.')
      return
    }

    // The header comes first: a browser's own reconnect has the newest id there, and the first one's in the query.
    const header = request.get('Last-Event-ID')
    const lastEventId = header ?? query(request, 'lastEventId')
    const tooOld = isForgotten(lastEventId)
    if (tooOld && header) {
      response.status(410).type('text').send('What came after this id is gone: ask again without one.')
      return
    }

    let unsubscribe = (): void => {}
    const stream = openEventStream(request, response, {
      clock,
      heartbeatMs,
      retryMs,
      onClose() {
        clock.clearTimeout(expiry)
        streams.delete(stream)
        unsubscribe()
        feed.publish('viewers', { count: streams.size })
      },
    })
    const expiry = clock.setTimeout(() => stream.end(), expiresAt - clock.now())
    streams.set(stream, clientOf(request))

    // An EventSource sees no status: it is told by an event.
    if (tooOld) return stream.write(RESET_EVENT)
    // Whoever can resume gets what it missed and no more; anyone else where things stand, and what changes from then.
    const missed = (lastEventId && feed.after(lastEventId)) || [feed.snapshot()]
    for (const event of missed) stream.send(event)
    unsubscribe = feed.subscribe((event) => stream.send(event))
    feed.publish('viewers', { count: streams.size })
  })

  app.get('/stats', (_request, response) => void response.set('Cache-Control', 'no-store').json(stats()))

  /** What each button does; to the streams of the client that pressed it, where it says so. False: it has none. */
  const trouble: Record<string, (client: string) => boolean> = {
    drop(client) {
      const mine = streamsOf(client)
      for (const stream of mine) stream.drop()
      return mine.length > 0
    },
    restart() {
      endAll()
      // Nobody hears it now: it is in what they come back for.
      feed.publish('deploy', { phase: 'done' })
      return true
    },
    forget() {
      endAll()
      forgotten = feed.snapshot().id
      feed.publish('deploy', { phase: 'done' })
      return true
    },
    expire(client) {
      const mine = streamsOf(client)
      tokens.revoke(client)
      for (const stream of mine) stream.end()
      return mine.length > 0
    },
    outage() {
      outage.begin('refused', outageMs)
      for (const stream of streams.keys()) stream.end()
      return true
    },
    silence() {
      outage.begin('silent', silenceMs)
      for (const stream of streams.keys()) stream.drop()
      return true
    },
    malformed(client) {
      const mine = streamsOf(client)
      for (const stream of mine) stream.write(MALFORMED_EVENT)
      return mine.length > 0
    },
  }
  for (const [name, make] of Object.entries(trouble)) {
    app.post(`/trouble/${name}`, (request, response) => {
      if (make(clientOf(request))) response.status(204).end()
      else response.status(404).json({ error: 'This client has no open stream.' })
    })
  }

  const http = createServer(app)
  return {
    app,
    http,
    stats,
    async listen(port) {
      const url = `http://${HOST}:${await listenOnFreePort(http, port)}`
      // The server before this one, on the same feed, said that it would be back.
      if (feed.state.deploy?.phase === 'starting') feed.publish('deploy', { phase: 'done' })
      return url
    },
    async close() {
      if (http.listening) endAll()
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
      if (!options.feed) feed.stop()
    },
  }
}

function clientOf(request: Request): string {
  return query(request, 'client').slice(0, 64)
}

/** From the header, or from the query, where the page's EventSource has to put it. */
function tokenOf(request: Request): string {
  const [, token] = /^Bearer (\S+)$/i.exec(request.get('Authorization') ?? '') ?? []
  return token ?? query(request, 'token')
}

function query(request: Request, name: string): string {
  const value = request.query[name]
  return typeof value === 'string' ? value : ''
}

/** Listens on `first`, or on the next port that is free; gives the port. */
async function listenOnFreePort(http: Server, first: number): Promise<number> {
  for (let port = first; ; port++) {
    try {
      http.listen(port, HOST)
      await once(http, 'listening')
      const address = http.address()
      return typeof address === 'object' && address ? address.port : port
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken || port >= first + 100) throw error
    }
  }
}
