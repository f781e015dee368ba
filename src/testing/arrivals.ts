import type { MockConnection, MockSSEOptions, URLPattern } from './mock-interface.js'
import { realTimers } from './real-timers.js'
import { matchesURL, nameOfPattern } from './url-pattern.js'

/** The connections of a mock server as they arrive, and who waits for the next. */
export interface Arrivals {
  readonly connections: readonly MockConnection[]
  add(connection: MockConnection): void
  /** Notes a request that nobody expected: who waits need not wait long. */
  refuse(request: string): void
  /** Notes that who came now reads over connections that are there: none comes for it. */
  share(there: readonly { readonly connection: MockConnection }[]): void
  attempted(url?: URLPattern): Promise<MockConnection>
  connected(url?: URLPattern): Promise<MockConnection>
  /** Whether `attempted` would resolve at once. */
  has(url?: URLPattern): boolean
  expectCursor(lastEventId: string): void
  /** What is wrong with requests and cursors since the last time this was asked. Tells who waits that it is over. */
  complaints(): string[]
}

/** So long who waits is given where it is known why nothing comes, in ms: what is under way all the same may come yet. */
const SOON_MS = 250

/** How a test has a connection for each of two trees, one after the other. */
const APART = 'Between unmount() and render() wait for it to close: await connection.closed'

interface Waiting {
  readonly url: URLPattern | undefined
  take(connection: MockConnection): void
  /** Says why nothing comes, soon. */
  hurry(): void
  /** Says that none will come. */
  stop(): void
}

/** @param server - what it is called in messages */
export function createArrivals(server: string, { onConnection, timeoutMs = 3_000 }: MockSSEOptions = {}): Arrivals {
  const connections: MockConnection[] = []
  const waiting = new Set<Waiting>()
  let unclaimed: MockConnection[] = []
  let refused: string[] = []
  /** What is known of why no connection comes, since the last one that did. */
  let refusals = 0
  let shared: MockConnection[] = []
  let cursors: { lastEventId: string; from: number }[] = []

  const fits = (connection: MockConnection, url?: URLPattern) => url === undefined || matchesURL(url, connection.request.url)
  /** A client that left before anyone looked is of no use to who waits. */
  const next = (url?: URLPattern) => unclaimed.find((connection) => connection.state !== 'closed' && fits(connection, url))

  function claim(connection: MockConnection) {
    unclaimed = unclaimed.filter((one) => one !== connection)
    return connection
  }

  const sharing = (url?: URLPattern) => shared.filter((connection) => connection.state !== 'closed' && fits(connection, url))

  function missing(url: URLPattern | undefined, waitedMs: number): Error {
    const came = [
      ...sharing(url).map((one) => `${requestLine(one)}, ${one.state}: what was mounted since shares it. ${APART}`),
      ...refused.map((request) => `${request}, which it does not serve`),
      ...unclaimed.map((one) => `${requestLine(one)}, ${one.state}`),
    ]
    return new Error(
      `${server}: no connection ${url === undefined ? '' : `to ${nameOfPattern(url)} `}came within ${waitedMs} ms` +
        (came.length > 0 ? `, but:\n${came.map((line) => `  - ${line}`).join('\n')}` : ', nor any other request'),
    )
  }

  const arrivals: Arrivals = {
    connections,
    add(connection) {
      connections.push(connection)
      unclaimed.push(connection)
      refusals = 0
      shared = []
      for (const one of waiting) {
        if (!fits(connection, one.url)) continue
        one.take(claim(connection))
        break
      }
      onConnection?.(connection)
    },
    refuse(request) {
      refused.push(request)
      refusals++
      for (const one of waiting) one.hurry()
    },
    share: (there) => void shared.push(...there.map(({ connection }) => connection)),
    has: (url) => next(url) !== undefined,
    attempted(url) {
      const connection = next(url)
      if (connection) return Promise.resolve(claim(connection))
      const promise = new Promise<MockConnection>((resolve, reject) => {
        // An absent timer never gives up.
        let timer = timeoutMs === Infinity ? undefined : realTimers.setTimeout(() => giveUp(timeoutMs), timeoutMs)
        const forget = () => {
          realTimers.clearTimeout(timer)
          waiting.delete(one)
        }
        const one: Waiting = {
          url,
          take: (taken) => (forget(), resolve(taken)),
          hurry() {
            realTimers.clearTimeout(timer)
            const waitedMs = Math.min(SOON_MS, timeoutMs)
            timer = realTimers.setTimeout(() => giveUp(waitedMs), waitedMs)
          },
          stop: () => (forget(), reject(new Error(`${server}: verify() was called while this waited for a connection`))),
        }
        function giveUp(waitedMs: number) {
          forget()
          reject(missing(url, waitedMs))
        }
        waiting.add(one)
        if (refusals > 0 || sharing(url).length > 0) one.hurry()
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
      refusals = 0
      shared = []
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
