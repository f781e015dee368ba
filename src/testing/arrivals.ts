import type { MockConnection, MockSSEOptions, URLPattern } from './mock-interface.js'
import { realTimers } from './real-timers.js'
import { matchesURL, nameOfPattern } from './url-pattern.js'

/** The connections of a mock server as they arrive, and who waits for the next. */
export interface Arrivals {
  readonly connections: readonly MockConnection[]
  add(connection: MockConnection): void
  /** Notes a request that nobody expected. */
  refuse(request: string): void
  attempted(url?: URLPattern): Promise<MockConnection>
  connected(url?: URLPattern): Promise<MockConnection>
  /** Whether `attempted` would resolve at once. */
  has(url?: URLPattern): boolean
  expectCursor(lastEventId: string): void
  /** What is wrong with requests and cursors since the last time this was asked. Tells who waits that it is over. */
  complaints(): string[]
}

interface Waiting {
  readonly url: URLPattern | undefined
  take(connection: MockConnection): void
  /** Says that none will come. */
  stop(): void
}

/** @param server - what it is called in messages */
export function createArrivals(server: string, { onConnection, timeoutMs = 3_000 }: MockSSEOptions = {}): Arrivals {
  const connections: MockConnection[] = []
  const waiting = new Set<Waiting>()
  let unclaimed: MockConnection[] = []
  let refused: string[] = []
  let cursors: { lastEventId: string; from: number }[] = []

  const fits = (connection: MockConnection, url?: URLPattern) => url === undefined || matchesURL(url, connection.request.url)
  /** A client that left before anyone looked is of no use to who waits. */
  const next = (url?: URLPattern) => unclaimed.find((connection) => connection.state !== 'closed' && fits(connection, url))

  function claim(connection: MockConnection) {
    unclaimed = unclaimed.filter((one) => one !== connection)
    return connection
  }

  function missing(url?: URLPattern): Error {
    const came = [
      ...refused.map((request) => `${request}, which it does not serve`),
      ...unclaimed.map((one) => `${requestLine(one)}, ${one.state}`),
    ]
    return new Error(
      `${server}: no connection ${url === undefined ? '' : `to ${nameOfPattern(url)} `}came within ${timeoutMs} ms` +
        (came.length > 0 ? `, but:\n${came.map((line) => `  - ${line}`).join('\n')}` : ', nor any other request'),
    )
  }

  const arrivals: Arrivals = {
    connections,
    add(connection) {
      connections.push(connection)
      unclaimed.push(connection)
      for (const one of waiting) {
        if (!fits(connection, one.url)) continue
        one.take(claim(connection))
        break
      }
      onConnection?.(connection)
    },
    refuse: (request) => void refused.push(request),
    has: (url) => next(url) !== undefined,
    attempted(url) {
      const connection = next(url)
      if (connection) return Promise.resolve(claim(connection))
      const promise = new Promise<MockConnection>((resolve, reject) => {
        // An absent timer never gives up.
        const timer = timeoutMs === Infinity ? undefined : realTimers.setTimeout(giveUp, timeoutMs)
        const forget = () => {
          realTimers.clearTimeout(timer)
          waiting.delete(one)
        }
        const one: Waiting = {
          url,
          take: (taken) => (forget(), resolve(taken)),
          stop: () => (forget(), reject(new Error(`${server}: verify() was called while this waited for a connection`))),
        }
        function giveUp() {
          forget()
          reject(missing(url))
        }
        waiting.add(one)
      })
      // Who did not wait for it is told nothing, and no process ends by it.
      promise.catch(() => {})
      return promise
    },
    async connected(url) {
      const connection = await arrivals.attempted(url)
      connection.open()
      return connection
    },
    expectCursor: (lastEventId) => void cursors.push({ lastEventId, from: connections.length }),
    complaints() {
      const complaints = [
        ...refused.map((request) => `${server} got a request that nobody expected: ${request}`),
        ...cursors.flatMap(({ lastEventId, from }) => {
          const since = connections.slice(from)
          if (since.some(({ request }) => request.lastEventId === lastEventId)) return []
          const sent = since.map((one) => `${requestLine(one)} came with ${cursorOf(one)}`)
          return `${server} expected the cursor '${lastEventId}', which was not sent: ${sent.join(', ') || 'no connection came'}`
        }),
      ]
      for (const one of [...waiting]) one.stop()
      refused = []
      cursors = []
      return complaints
    },
  }
  return arrivals
}

export function requestLine({ request: { method, url } }: MockConnection): string {
  return `${method} ${url}`
}

export function cursorOf({ request: { lastEventId } }: MockConnection): string {
  return lastEventId ? `'${lastEventId}'` : 'none'
}

/** @throws Error with everything that is wrong, if anything is */
export function complain(complaints: readonly string[]): void {
  if (complaints.length === 0) return
  throw new Error(complaints.length === 1 ? complaints[0] : `${complaints.length} complaints:\n${complaints.map((one) => `- ${one}`).join('\n')}`)
}
