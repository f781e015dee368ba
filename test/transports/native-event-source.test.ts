/** Over Node's own EventSource and a real server; what neither does when told to is in `native.test.ts`. */
import type { MockConnection, SSEServer } from 'eventwire/testing/node'
import type { NativeTransportOptions } from 'eventwire/native'
import { createSSEClient } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { createVirtualClock } from 'eventwire/testing'
import { createSSEServer } from 'eventwire/testing/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AttemptRequest } from '../../src/testing/conformance/recorded-attempt.js'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

let server: SSEServer
const leave: (() => void)[] = []

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  server = await createSSEServer()
})

afterEach(async () => {
  leave.splice(0).forEach((run) => run())
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  // No connection is left on the server's side.
  await server.verify()
  await server.close()
})

function attempt(request: AttemptRequest = {}, transport = nativeTransport()) {
  const recorded = recordAttempt(transport, { url: server.origin, types: ['message'], ...request })
  leave.push(() => recorded.close())
  const when = (kinds: string) => vi.waitFor(() => expect(recorded.kinds()).toBe(kinds))
  return { recorded, when, events: () => recorded.of('event').map(({ event }) => event) }
}

describe('native', () => {
  it('asks as EventSource does', async () => {
    const { when } = attempt()
    const { request } = await server.connected()
    expect(request).toMatchObject({ method: 'GET', headers: { accept: 'text/event-stream' }, lastEventId: '' })
    await when('open')
  })

  it.each<[string, AttemptRequest]>([
    ['headers', { headers: { a: '1' } }],
    ['method PUT', { method: 'PUT' }],
    ['a body', { body: 'x' }],
  ])("can't do %s and names fetch", async (what, request) => {
    const { recorded, when } = attempt(request)
    await when('fail')
    expect(recorded.of('fail')[0]?.error).toMatchObject({
      code: 'unsupported',
      retryable: false,
      message: `The native transport can't do ${what}: use fetchTransport()`,
    })
    expect(server.connections).toEqual([])
  })

  it('a URL that is none, or a function that throws, fails the attempt', async () => {
    const none = attempt({ url: 'http://' })
    await none.when('fail')
    expect(none.recorded.of('fail')[0]?.error.message).toMatch(/can't be made: its URL is malformed/)
    const threw = attempt({ resolve: () => Promise.reject(new Error('no token')) })
    await threw.when('fail')
    expect(threw.recorded.of('fail')[0]?.error.message).toMatch(/threw: no token/)
  })

  it('tells events named open and error from its own by their data', async () => {
    const { recorded, when } = attempt()
    const stream = await server.connected()
    stream.send({ type: 'open', data: '', retry: 60_000 })
    stream.send({ type: 'error', data: 'boom', id: '7' })
    stream.end()
    await when('open event event waiting')
    expect(recorded.reports).toEqual([
      { kind: 'open', info: {} },
      { kind: 'event', event: { type: 'open', data: '', lastEventId: '' } },
      { kind: 'event', event: { type: 'error', data: 'boom', lastEventId: '7' } },
      { kind: 'waiting' },
    ])
  })

  it('resumes by itself with the id that it saw, and says so', async () => {
    const { recorded, when } = attempt()
    const first = await server.connected()
    first.send({ data: '1', retry: 1 })
    await when('open event')
    first.drop()
    const second = await server.connected()
    second.send({ data: '2', id: 'π-7' })
    await when('open event waiting open event')
    second.drop()
    const third = await server.attempted()
    third.drop()
    const fourth = await server.connected()
    await when('open event waiting open event waiting waiting open')
    expect([second, third, fourth].map(({ request }) => request.lastEventId)).toEqual(['', 'π-7', 'π-7'])
    expect(recorded.of('open').map(({ info }) => info)).toEqual([{}, {}, { resumed: true }])
  })

  it('lets go at the first break where the next one takes the cursor in its URL', async () => {
    const { recorded, when } = attempt({ cursorParam: 'since' })
    const stream = await server.connected()
    stream.send({ data: '1', id: '7', retry: 1 })
    await when('open event')
    stream.drop()
    await when('open event waiting fail')
    expect(recorded.of('fail')[0]?.error).toMatchObject({ code: 'network', retryable: true })
    expect(server.connections).toHaveLength(1)
  })

  it('keeps the cursor from before, which EventSource does not know, until there is another id', async () => {
    const { events, when } = attempt({ lastEventId: 'old' })
    const stream = await server.connected()
    stream.sendBytes('data: 1\n\nid: new\ndata: 2\n\ndata: 3\n\nid\ndata: 4\n\n')
    await when('open event event event event')
    expect(events().map(({ lastEventId }) => lastEventId)).toEqual(['old', 'new', 'new', ''])
  })

  it.each([204, 503])('fails when EventSource gives up at a %i, with the usual causes', async (status) => {
    const { recorded, when } = attempt()
    ;(await server.attempted()).respond(status)
    await when('fail')
    expect(recorded.of('fail')[0]?.error).toMatchObject({
      code: 'native-closed',
      retryable: true,
      message: expect.stringMatching(/status.*Content-Type.*CORS.*fetchTransport/s),
    })
  })
})

describe('what development says of native', () => {
  const open = async (types: readonly string[]) => {
    vi.resetModules()
    const { nativeTransport: fresh } = await import('eventwire/native')
    const transport = fresh()
    for (const _ of [1, 2]) {
      const { when } = attempt({ types }, transport)
      await server.connected()
      await when('open')
    }
    return vi.mocked(console.warn).mock.calls
  }

  it('that types arrive only if they are named, once', async () => {
    expect(await open([])).toEqual([[expect.stringMatching(/`message`.*types: \['message'\].*fetchTransport/s)]])
  })

  it('nothing once a type is named, message included', async () => {
    expect(await open(['message'])).toEqual([])
  })

  it('nothing in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(await open([])).toEqual([])
  })
})

describe('native under a client', () => {
  const setup = () => {
    const clock = createVirtualClock({ now: 0 })
    return { clock, client: createSSEClient({ clock, transport: nativeTransport(), retry: { baseMs: 10, maxMs: 10 } }) }
  }

  it('is tried again five times after EventSource gave up without an open, then fails', async () => {
    const { clock, client } = setup()
    const subscription = client.subscribe(server.origin, { types: ['message'] })
    leave.push(subscription)
    for (let attempts = 1; attempts <= 6; attempts++) {
      await clock.advance(200)
      ;(await server.attempted()).respond(503)
      const status = attempts < 6 ? 'reconnecting' : 'failed'
      await vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject({ status, attempt: attempts }))
    }
    expect(subscription.getSnapshot().error).toMatchObject({ code: 'native-closed' })
    // With no timer left nothing asks again.
    expect(clock.pending).toBe(0)
    expect(server.connections).toHaveLength(6)
  })

  it('an implementation of their own keeps two readers apart; the global one is shared', async () => {
    const { client } = setup()
    const read = (options: NativeTransportOptions) => {
      const subscription = client.subscribe(server.origin, { types: ['a'], transport: nativeTransport(options) })
      leave.push(subscription)
      return vi.waitFor(() => expect(subscription.getSnapshot().status).toBe('open'))
    }
    const open = (count: number) => Promise.all(Array.from({ length: count }, () => server.connected()))
    await Promise.all([read({}), read({}), open(1)])
    await Promise.all([read({ EventSource }), read({ EventSource }), open(2)])
    expect(server.connections).toHaveLength(3)
  })

  it('takes the cursor to the next EventSource as a parameter', async () => {
    const { clock, client } = setup()
    const onResume = vi.fn<(resumption: unknown) => void>()
    const seen: unknown[] = []
    const subscription = client.subscribe(`${server.origin}/events`, {
      lastEventIdParam: 'since',
      onResume,
      onMessage: (data) => seen.push(data),
    })
    leave.push(subscription)
    const sends = async (stream: MockConnection, data: number, id?: string) => {
      stream.send({ data, ...(id && { id }) })
      await vi.waitFor(async () => {
        await clock.advance(20)
        expect(seen.at(-1)).toBe(data)
      })
    }
    await sends(await server.connected(), 1, 'π-7')
    subscription.reconnect()
    await clock.advance(1)
    const second = await server.connected()
    await sends(second, 2)
    expect(second.request.url).toBe('/events?since=%CF%80-7')
    expect(onResume).toHaveBeenCalledExactlyOnceWith({ resumed: true, gapPossible: true })
    expect(subscription.getSnapshot().lastEventId).toBe('π-7')
  })
})
