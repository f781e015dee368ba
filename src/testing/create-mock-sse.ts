import type { ReaderSlot, SSEClient, Transport } from 'eventwire/core'
import type { ReactNode } from 'react'
import type { VirtualClock, VirtualClockOptions } from '../protocol/virtual-clock.js'
import type { MockConnection, MockSSE, MockSSEOptions, URLPattern } from './mock-interface.js'
import type { MockAttempt } from './mock-transport.js'
import type { AdvanceTimers } from './runner-clock.js'
import type { VirtualPage } from './virtual-page.js'
import { SSEProvider } from 'eventwire'
import { createSSEClient, SSEError } from 'eventwire/core'
import { createElement, useEffect, useState } from 'react'
import { createVirtualClock, settle } from '../protocol/virtual-clock.js'
import { flush, flushAsync, waitOutside } from './act.js'
import { complain, createArrivals, cursorOf, requestLine } from './arrivals.js'
import { verifyAfterTest } from './auto-verify.js'
import { flushing, flushingPage } from './flushing.js'
import { openNative } from './mock-event-source.js'
import { openMock } from './mock-transport.js'
import { openerOf, stackOfNow } from './opener.js'
import { createRunnerClock } from './runner-clock.js'
import { matchesURL, nameOfPattern } from './url-pattern.js'
import { createVirtualPage } from './virtual-page.js'

/** Settings of {@link createMockSSE}. */
export interface CreateMockSSEOptions extends MockSSEOptions, VirtualClockOptions {
  /**
   * Whether `verify` runs by itself after the test, where the runner's `afterEach` is global when the kit is imported
   * (Jest; Vitest with `globals`). Default `true`.
   */
  autoVerify?: boolean | undefined
  /**
   * What takes a function to call when this very test is over: of Vitest's test context, where tests run concurrently.
   * Then `verify` runs there. Default: after each test, and after all that ran concurrently.
   */
  onTestFinished?: ((verify: () => Promise<void>) => void) | undefined
  /**
   * The app's own client, for what uses it beside `Provider`: it meets the mock from now until `verify`. Those that the
   * app gives to a provider below `Provider` do from then on by themselves. Default: a new one.
   */
  client?: SSEClient | undefined
  /**
   * Where the runner's timers are fake: what moves them, `(ms) => vi.advanceTimersByTime(ms)` or Jest's. Then there is one
   * time: the mock's waits are timers of the runner's, and `advance` moves these. Default: a time of the mock's own.
   */
  advanceTimers?: AdvanceTimers | undefined
}

/** A mock server in the test's own program: no network, no real time. What {@link createMockSSE} makes. */
export interface InProcessMockSSE extends MockSSE {
  /**
   * Wrap in it what is tested. Every transport below it leads here, explicit ones and those of other clients too; and of
   * these clients, until `verify`, all else that they do: what subscribes beside the tree, `closeAll()`, `observe()`.
   */
  readonly Provider: (props: { children?: ReactNode }) => ReactNode
  /** The client of `Provider`, for tests without React: the option `client`, or one of its own. */
  readonly client: SSEClient
  readonly clock: VirtualClock
  /** The page that the clients live in: hidden, offline or frozen when a test says so. React has rendered what comes of it. */
  readonly page: VirtualPage
  /** Moves time on: waits between attempts, timeouts and frames. React has rendered what comes of each. */
  advance(ms: number): Promise<void>
}

/** Mocks' own clients: each stays with its mock. */
const own = new WeakSet<SSEClient>()

/** Who holds a client: called when another mock takes it, or when its own lets go. */
const holders = new WeakMap<SSEClient, () => void>()

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
 *
 * @example
 * ```tsx
 * import { render, screen } from '@testing-library/react'
 * import { useSSE } from 'eventwire'
 * import { createMockSSE } from 'eventwire/testing'
 * import { expect, test } from 'vitest'
 *
 * const Cpu = () => <p>{useSSE<{ cpu: number }>('/events').data?.cpu}</p>
 *
 * test('shows the load', async () => {
 *   const sse = createMockSSE('/events')
 *   render(<Cpu />, { wrapper: sse.Provider })
 *   const stream = await sse.connected()
 *   stream.send({ data: { cpu: 42 } })
 *   expect(screen.getByText('42')).toBeDefined()
 * })
 * ```
 */
export function createMockSSE(url?: URLPattern, options: CreateMockSSEOptions = {}): InProcessMockSSE {
  const name = `createMockSSE(${nameOfPattern(url)})`
  const { advanceTimers } = options
  const clock = advanceTimers ? createRunnerClock(advanceTimers, options) : createVirtualClock(options)
  const page = flushingPage(createVirtualPage(), flush)
  const arrivals = createArrivals(name, options)
  const clients = new Set<SSEClient>()
  const replaced = new WeakMap<Transport, Transport>()
  const openers = new Map<string, Set<string>>()
  /** The newest attempt of each stream. */
  const newest = new Map<string, MockAttempt>()
  const trees = new Set<() => void>()
  /** How many tests are over. */
  let tests = 0
  let attempts: Attempted[] = []
  let lost: string[] = []
  let attaching = ''

  /** What someone does at the server's end, with all that React makes of it. */
  function flushed(run: () => void) {
    flush(() => {
      run()
      clock.runFrames()
    })
  }

  /** @param carries - the client's part is to send the cursor with every request */
  function accept(stream: string, attempt: MockAttempt, carries: boolean): SSEError | void {
    const { handle } = attempt
    if (options.autoVerify !== false && !options.onTestFinished) verifyAfterTest(verify)
    const connection = flushing(handle, flushed, clock)
    const who = openers.get(stream) ?? new Set<string>()
    if (url !== undefined && !matchesURL(url, handle.request.url)) {
      const request = `${requestLine(handle)}${by(who)}`
      arrivals.refuse(request)
      return new SSEError('network', `${name} got a request that nobody expected: ${request}`)
    }
    const expected = newest.get(stream)?.cursor() ?? handle.request.lastEventId
    if (carries && handle.request.lastEventId !== expected)
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
          if (transport.name === 'native')
            return openNative(transport, request, sink, clock, (attempt) => accept(id, attempt, false))
          return openMock(request, sink, transport.can, (attempt) => accept(id, attempt, true))
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
        openers.get(slot.stream()?.id ?? '')?.add(opener)
        arrivals.share(attempts.filter(({ stream }) => stream === slot.stream()?.id))
        return detach
      },
    }
  }

  function adopt(client: SSEClient): void {
    // What is another mock's own stays with it.
    if (clients.has(client) || own.has(client)) return
    holders.get(client)?.()
    const { bind, closeAll } = client
    client.lend({ clock, page, carry: replace })
    client.bind = (again) => watch(bind(again))
    client.closeAll = () => flush(closeAll)
    client.adopt = adopt
    const stop = client.observe((fact) => {
      // It means to have forgotten the cursor.
      if (fact.type === 'attempt' && fact.cursor === '') newest.delete(fact.stream)
    })
    clients.add(client)
    holders.set(client, () => {
      stop()
      Object.assign(client, { bind, closeAll, adopt: undefined })
      clients.delete(client)
      holders.delete(client)
    })
  }

  const client = options.client ?? createSSEClient()
  adopt(client)
  if (!options.client) own.add(client)

  function Provider({ children }: { children?: ReactNode }): ReactNode {
    adopt(client)
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
    const streams = [...clients].flatMap((one) => one.streams())
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
    for (const one of [...clients]) {
      one.closeAll()
      if (own.has(one)) continue
      holders.get(one)?.()
      one.lend(null)
    }
    for (const { connection } of attempts) connection.drop()
    attempts = []
    lost = []
    complain(complaints)
  }

  options.onTestFinished?.(verify)

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
