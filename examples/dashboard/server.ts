import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import express from 'express'
import type { Express, Request } from 'express'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { openEventStream } from './event-stream.ts'
import type { EventStream } from './event-stream.ts'
import { createFeed } from './feed.ts'
import { createOutage } from './outage.ts'
import { createMachineSampler } from './sampler.ts'
import type { Sampler } from './sampler.ts'

export interface DashboardServerOptions {
  /** Default: the system's. */
  clock?: Clock
  /** Default: the machine this process runs on. */
  sampler?: Sampler
  /** Time between two samples, in ms. Default 400. */
  sampleMs?: number
  /** How long sampling goes on after the last client left, in ms. Default 30 s. */
  graceMs?: number
  /** How many events are kept for replay. Default 500. */
  bufferSize?: number
  /** Time between two heartbeat comments, in ms. Default 15 s. */
  heartbeatMs?: number
  /** What clients are told to wait before they reconnect, in ms. Default 1 s. */
  retryMs?: number
  /** How long the 503 button's outage lasts, in ms. Default 10 s. */
  outageMs?: number
}

/** What `GET /stats` answers. */
export interface DashboardStats {
  /** Event streams open now. */
  clients: number
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

/** The dashboard's server: one event stream, and buttons to break it with. */
export function createDashboardServer(options: DashboardServerOptions = {}): DashboardServer {
  const { clock = systemClock, sampler = createMachineSampler(), sampleMs = 400, graceMs = 30_000 } = options
  const { bufferSize = 500, heartbeatMs = 15_000, retryMs = 1000, outageMs = 10_000 } = options

  const feed = createFeed({ clock, sampler, sampleMs, graceMs, bufferSize })
  const outage = createOutage(clock, outageMs)
  /** Every open stream, with the name that its client gave itself. */
  const streams = new Map<EventStream, string>()
  const streamsOf = (client: string) => [...streams].flatMap(([stream, name]) => (name === client ? [stream] : []))
  let requests = 0

  const stats = (): DashboardStats => ({
    clients: streams.size,
    requests,
    eventsPerSecond: feed.eventsPerSecond(),
  })

  const app = express()
  app.disable('x-powered-by')

  app.get('/events', (request, response) => {
    requests++
    const seconds = Math.ceil(outage.remaining() / 1000)
    if (seconds > 0) {
      response.status(503).type('text').send(`Out of order for ${seconds} s more, as you asked.`)
      return
    }
    const client = query(request, 'client').slice(0, 64)
    const stream = openEventStream(request, response, {
      clock,
      heartbeatMs,
      retryMs,
      onClose() {
        streams.delete(stream)
        unsubscribe()
        feed.publish('notice', { text: `A client left, ${streams.size} connected`, level: 'info' })
      },
    })
    streams.set(stream, client)

    // A page that can't set the header, such as one that starts from a saved id, may use the query.
    const lastEventId = request.get('Last-Event-ID') ?? query(request, 'lastEventId')
    if (lastEventId) {
      const { events, missed } = feed.after(lastEventId)
      if (missed > 0) stream.write(`: ${missed} events are no longer buffered\n\n`)
      for (const event of events) stream.send(event)
    }
    const unsubscribe = feed.subscribe((event) => stream.send(event))
    feed.publish('notice', { text: `A client connected, ${streams.size} in all`, level: 'info' })
  })

  app.get('/stats', (_request, response) => void response.set('Cache-Control', 'no-store').json(stats()))

  /** What each button does to the streams of the client that pressed it; false when it has none. */
  const trouble: Record<string, (client: string) => boolean> = {
    drop(client) {
      const mine = streamsOf(client)
      for (const stream of mine) stream.drop()
      return mine.length > 0
    },
    malformed(client) {
      const mine = streamsOf(client)
      for (const stream of mine) stream.write(MALFORMED_EVENT)
      return mine.length > 0
    },
    outage() {
      outage.begin()
      feed.publish('notice', { text: `Answering 503 for ${outageMs / 1000} s`, level: 'warning' })
      for (const stream of streams.keys()) stream.end()
      return true
    },
  }
  for (const [name, make] of Object.entries(trouble)) {
    app.post(`/trouble/${name}`, (request, response) => {
      if (make(query(request, 'client'))) response.status(204).end()
      else response.status(404).json({ error: 'This client has no open stream.' })
    })
  }

  const http = createServer(app)
  return {
    app,
    http,
    stats,
    async listen(port) {
      return `http://${HOST}:${await listenOnFreePort(http, port)}`
    },
    async close() {
      for (const stream of streams.keys()) stream.end()
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
      feed.stop()
    },
  }
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
