import { mockSSE } from 'eventwire/testing/msw'
import { getResponse } from 'msw'

/** What is known of a tab from outside. */
export interface TabReport {
  readonly owner: boolean
  readonly tick: number
  /** Ticks that did not follow the one before. */
  readonly wrong: number
}

/** The page around the tabs: one server for all of them, and what each says of itself. */
export interface TabHost {
  readonly fetch: typeof fetch
  report(name: string, news: Partial<TabReport>): void
  reports(): Readonly<Record<string, TabReport>>
  forget(name: string): void
  /** Connections at the server right now. */
  connections(): number
  /** Requests so far. */
  requests(): number
  subscribe(listener: () => void): () => void
  /** The server counts from now on. Gives what ends it. */
  start(): () => void
}

const EVERY_MS = 200
const REPLAYED = 500

export function createTabHost(): TabHost {
  let reports: Readonly<Record<string, TabReport>> = {}
  let ticks = 0
  const listeners = new Set<() => void>()
  const tell = () => listeners.forEach((listener) => listener())
  const server = mockSSE('/api/ticks', {
    onConnection(connection) {
      const cursor = Number(connection.request.lastEventId || ticks)
      connection.open({ 'Last-Event-ID': String(cursor) })
      for (let one = Math.max(cursor, ticks - REPLAYED) + 1; one <= ticks; one++) connection.send({ id: String(one), data: one })
      tell()
    },
  })
  const open = () => server.connections.filter(({ state }) => state === 'open')
  function tick() {
    ticks++
    for (const connection of open()) connection.send({ id: String(ticks), data: ticks })
    tell()
  }

  return {
    // A seam: this fetch takes what the transport gives it, a URL and an init.
    fetch: (async (url: string, init?: RequestInit) => {
      const response = await getResponse([server], new Request(new URL(url, location.href), init))
      return response ?? Response.error()
    }) as typeof fetch,
    report(name, news) {
      const before = reports[name] ?? { owner: false, tick: 0, wrong: 0 }
      const jumped = news.tick !== undefined && before.tick !== 0 && news.tick !== before.tick + 1
      reports = { ...reports, [name]: { ...before, ...news, wrong: before.wrong + (jumped ? 1 : 0) } }
      tell()
    },
    reports: () => reports,
    forget(name) {
      reports = Object.fromEntries(Object.entries(reports).filter(([other]) => other !== name))
      tell()
    },
    connections: () => open().length,
    requests: () => server.connections.length,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    start() {
      const timer = setInterval(tick, EVERY_MS)
      return () => {
        clearInterval(timer)
        for (const connection of open()) connection.end()
      }
    },
  }
}
