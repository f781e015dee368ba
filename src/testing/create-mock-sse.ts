import type { ReaderSlot, SSEClient, Transport } from 'eventwire/core'
import type { ReactNode } from 'react'
import type { VirtualClock, VirtualClockOptions } from '../protocol/virtual-clock.js'
import type { MockConnection, MockSSE, MockSSEOptions, URLPattern } from './mock-sse.js'
import type { MockAttempt } from './mock-transport.js'
import type { VirtualPage } from './virtual-page.js'
import { SSEProvider } from 'eventwire'
import { createSSEClient, SSEError } from 'eventwire/core'
import { createElement, useEffect, useState } from 'react'
import { createVirtualClock, settle } from '../protocol/virtual-clock.js'
import { flush, flushAsync, waitOutside } from './act.js'
import { complain, createArrivals, cursorOf, requestLine } from './arrivals.js'
import { verifyAfterTest } from './auto-verify.js'
import { openMock } from './mock-transport.js'
import { openerOf, stackOfNow } from './opener.js'
import { matchesURL, nameOfPattern } from './url-pattern.js'
import { createVirtualPage } from './virtual-page.js'

/** Settings of {@link createMockSSE}. */
export interface CreateMockSSEOptions extends MockSSEOptions, VirtualClockOptions {
  /**
   * Whether `verify` runs by itself after the test, where the runner's `afterEach` is global when the kit is imported
   * (Jest; Vitest with `globals`). Default `true`.
   */
  autoVerify?: boolean | undefined
}

/** A mock server in the test's own program: no network, no real time. What {@link createMockSSE} makes. */
export interface InProcessMockSSE extends MockSSE {
  /** Wrap in it what is tested. Every transport below it, explicit ones and those of other clients too, leads here. */
  readonly Provider: (props: { children?: ReactNode }) => ReactNode
  /** The client of `Provider`, for tests without React. */
  readonly client: SSEClient
  readonly clock: VirtualClock
  /** The page that everything below lives in: hide it, freeze it, take its network away. */
  readonly page: VirtualPage
  /** Moves time on: waits between attempts, timeouts and frames. React has rendered what comes of each. */
  advance(ms: number): Promise<void>
}

interface Attempted {
  readonly connection: MockConnection
  readonly stream: string
  readonly openers: ReadonlySet<string>
}

/**
 * Makes a mock SSE server whose methods do everything at once: after `connection.send(…)` React has rendered it,
 * without `act` and without `waitFor`.
 *
 * @param url - the URLs it serves; default: all
 */
export function createMockSSE(url?: URLPattern, options: CreateMockSSEOptions = {}): InProcessMockSSE {
  const name = `createMockSSE(${nameOfPattern(url)})`
  const clock = createVirtualClock({ now: Date.now(), ...options })
  const page = createVirtualPage()
  const arrivals = createArrivals(name, options)
  /** What gives clients back what they were before. */
  const restores = new Map<SSEClient, () => void>()
  const replaced = new WeakMap<Transport, Transport>()
  const openers = new Map<string, Set<string>>()
  /** The newest attempt of each stream. */
  const newest = new Map<string, MockAttempt>()
  const trees = new Set<() => void>()
  let attempts: Attempted[] = []
  let lost: string[] = []
  let attaching = ''
  /** How many tests are over. */
  let tests = 0

  /** What someone does at the server's end, with all that React makes of it. */
  function flushed(run: () => void) {
    flush(() => {
      run()
      clock.runFrames()
    })
  }

  function accept(stream: string, attempt: MockAttempt): SSEError | void {
    const { handle } = attempt
    if (options.autoVerify !== false) verifyAfterTest(verify)
    const connection = flushing(handle, flushed)
    const who = openers.get(stream) ?? new Set<string>()
    if (url !== undefined && !matchesURL(url, handle.request.url)) {
      const request = `${requestLine(handle)}${by(who)}`
      arrivals.refuse(request)
      return new SSEError('network', `${name} got a request that nobody expected: ${request}`)
    }
    const expected = newest.get(stream)?.cursor() ?? handle.request.lastEventId
    if (handle.request.lastEventId !== expected)
      lost.push(
        `${name} expected the cursor '${expected}', which was not sent: ${requestLine(handle)} came back with ` +
          `${cursorOf(handle)}${by(who)}`,
      )
    newest.set(stream, attempt)
    attempts.push({ connection, stream, openers: who })
    arrivals.add(connection)
  }

  /** Stands in for a transport: the same to everyone who asks what it can, but it leads here. */
  function replace(transport: Transport): Transport {
    let stand = replaced.get(transport)
    if (!stand) {
      stand = {
        ...transport,
        open(request, sink) {
          const { id } = request
          const known = openers.get(id) ?? new Set<string>()
          openers.set(id, known)
          if (attaching) known.add(attaching)
          const native = transport.name === 'native'
          return openMock(request, sink, transport.can, (attempt) => accept(id, attempt), native, !native)
        },
      }
      replaced.set(transport, stand)
    }
    return stand
  }

  function watch(slot: ReaderSlot): ReaderSlot {
    const opener = openerOf(stackOfNow())
    return {
      ...slot,
      attach(...reading) {
        attaching = opener
        const detach = slot.attach(...reading)
        attaching = ''
        const stream = slot.stream()
        if (stream) openers.get(stream.id)?.add(opener)
        return detach
      },
    }
  }

  /**
   * Takes a client over, the app's own too: whatever it opens from now on, hooks or `subscribe`, leads here, in virtual
   * time. Nobody else's: another mock keeps what it has.
   */
  function adopt(client: SSEClient): SSEClient {
    if (client.adopt) return client
    const { bind, closeAll, inside } = client
    const { clock: time, page: seen } = inside
    const unwrap = client.wrap(replace)
    client.bind = (again) => watch(bind(again))
    client.closeAll = () => {
      // It means to forget cursors.
      newest.clear()
      flush(closeAll)
    }
    client.adopt = adopt
    inside.clock = clock
    inside.page = page
    restores.set(client, () => {
      unwrap()
      Object.assign(client, { bind, closeAll, adopt: undefined })
      Object.assign(inside, { clock: time, page: seen })
    })
    return client
  }

  const client = adopt(createSSEClient())

  function Provider({ children }: { children?: ReactNode }): ReactNode {
    const [over, finish] = useState(false)
    useEffect(() => {
      const end = () => finish(true)
      trees.add(end)
      return () => void trees.delete(end)
    }, [])
    return over ? null : createElement(SSEProvider, { client }, children)
  }

  async function attempted(wanted?: URLPattern): Promise<MockConnection> {
    const test = tests
    // What effects and functions for headers have begun comes to its end.
    if (!arrivals.has(wanted)) await flushAsync(settle)
    if (test !== tests) throw new Error(`${name}: the test was over before a connection came`)
    return arrivals.has(wanted) ? arrivals.attempted(wanted) : waitOutside(() => arrivals.attempted(wanted))
  }

  /** Who did not wait for it is told nothing, and no process ends by it. */
  function unhurried<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {})
    return promise
  }

  async function connected(wanted?: URLPattern): Promise<MockConnection> {
    const connection = await attempted(wanted)
    connection.open()
    return connection
  }

  async function verify(): Promise<void> {
    tests++
    flush(() => trees.forEach((end) => end()))
    await flushAsync(settle)
    const clients = [...restores.keys()]
    const streams = clients.flatMap((one) => one.streams())
    const leaks = attempts.filter(
      ({ connection: { state }, stream }) =>
        // What nobody uses any more may linger.
        state !== 'closed' && streams.find(({ id }) => id === stream)?.users !== 0,
    )
    const complaints = [
      ...leaks.map((one) => `${name}: a connection leaked: ${requestLine(one.connection)}${by(one.openers)} is still ${one.connection.state}`),
      ...arrivals.complaints(),
      ...lost,
    ]
    for (const one of clients) {
      one.closeAll()
      // The mock's own stays its own.
      if (one === client) continue
      restores.get(one)?.()
      restores.delete(one)
    }
    attempts = []
    lost = []
    complain(complaints)
  }

  return {
    Provider,
    client,
    clock,
    page,
    connections: arrivals.connections,
    attempted: (wanted) => unhurried(attempted(wanted)),
    connected: (wanted) => unhurried(connected(wanted)),
    expectCursor: arrivals.expectCursor,
    async advance(ms) {
      const until = clock.now() + ms
      // React renders after each, since what it renders may set timers of its own.
      await flushAsync(settle)
      for (let at = clock.nextAt; at !== null && at <= until; at = clock.nextAt) {
        const wait = Math.max(at - clock.now(), 0)
        await flushAsync(() => clock.advance(wait))
      }
      await flushAsync(() => clock.advance(until - clock.now()))
    },
    verify,
  }
}

function by(openers: ReadonlySet<string>): string {
  return openers.size > 0 ? `, opened by ${[...openers].join(' and ')}` : ''
}

function flushing(handle: MockConnection, flushed: (run: () => void) => void): MockConnection {
  const wrap =
    <A extends unknown[]>(method: (...facts: A) => void) =>
    (...facts: A) =>
      flushed(() => method(...facts))
  return {
    request: handle.request,
    get state() {
      return handle.state
    },
    closed: handle.closed,
    open: wrap(handle.open),
    send: wrap(handle.send),
    comment: wrap(handle.comment),
    sendBytes: wrap(handle.sendBytes),
    end: wrap(handle.end),
    drop: wrap(handle.drop),
    respond: wrap(handle.respond),
    stall: wrap(handle.stall),
  }
}
