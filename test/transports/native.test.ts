import type { ResolvedRequest } from 'eventwire/core'
import type { NativeTransportOptions } from 'eventwire/native'
import { createSSEClient } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { createVirtualClock } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AttemptRequest } from '../../src/testing/conformance/recorded-attempt.js'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

/** The browser's side, in the test's hands. A sloppy one: it delivers also when closed, and to listeners removed. */
class FakeEventSource extends EventTarget {
  static readonly made: FakeEventSource[] = []
  readyState = 0
  readonly listened: string[] = []

  constructor(
    readonly url: string,
    readonly init: { withCredentials: boolean },
  ) {
    super()
    if (url === 'nowhere:') throw new SyntaxError('no such URL')
    FakeEventSource.made.push(this)
  }

  override addEventListener(type: string, listener: (event: Event) => void) {
    this.listened.push(type)
    super.addEventListener(type, listener)
  }

  override removeEventListener(type: string) {
    this.listened.splice(this.listened.indexOf(type), 1)
  }

  close() {
    this.readyState = 2
  }

  opens() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  loses(readyState: 0 | 2) {
    this.readyState = readyState
    this.dispatchEvent(new Event('error'))
  }

  sends(data: string, lastEventId = '', type = 'message') {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId }))
  }
}

const made = FakeEventSource.made

beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())

afterEach(() => {
  made.length = 0
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

/** An attempt that has got as far as its EventSource. */
async function attempt(request: AttemptRequest = {}, onReport?: Parameters<typeof recordAttempt>[2]) {
  const transport = nativeTransport({ EventSource: FakeEventSource })
  const recorded = recordAttempt(transport, { url: 'http://x/events', types: ['message'], ...request }, onReport)
  await vi.waitFor(() => expect(made.length + recorded.reports.length).toBeGreaterThan(0))
  const [source] = made
  if (!source) throw new Error(String(recorded.of('fail')[0]?.error))
  return { source, recorded, events: () => recorded.of('event').map(({ event }) => event) }
}

describe('native', () => {
  it('opens what it is told, with credentials if they are to be included', async () => {
    const { source } = await attempt()
    expect([source.url, source.init]).toEqual(['http://x/events', { withCredentials: false }])
    made.length = 0
    expect((await attempt({ credentials: 'include' })).source.init).toEqual({ withCredentials: true })
  })

  it('uses the global EventSource as it is when an attempt opens', async () => {
    const transport = nativeTransport()
    vi.stubGlobal('EventSource', FakeEventSource)
    recordAttempt(transport, { url: 'http://x/events' })
    await vi.waitFor(() => expect(made).toHaveLength(1))
  })

  it('says what to do where there is no EventSource', async () => {
    vi.stubGlobal('EventSource', undefined)
    expect(() => recordAttempt(nativeTransport(), { url: 'http://x/events' })).toThrow(
      new TypeError('There is no EventSource here: pass nativeTransport({ EventSource }) one, or use fetchTransport()'),
    )
  })

  it.each<[string, AttemptRequest]>([
    ['headers', { headers: { a: '1' } }],
    ['method PUT', { method: 'PUT' }],
    ['a body', { body: 'x' }],
  ])("can't do %s and names fetch", async (what, request) => {
    await expect(attempt(request)).rejects.toThrow(`The native transport can't do ${what}: use fetchTransport()`)
  })

  it('a URL that is none, or a function that throws, fails the attempt', async () => {
    await expect(attempt({ url: 'nowhere:' })).rejects.toThrow(/can't be made: no such URL.*baseUrl/)
    await expect(attempt({ resolve: () => Promise.reject(new Error('no token')) })).rejects.toThrow(/threw: no token/)
  })

  it('listens to each type once, asked early, twice or late, and to none after close()', async () => {
    const { source, recorded, events } = await attempt({ types: ['a', 'a', 'message', 'error'] })
    recorded.attempt.listen('b')
    recorded.attempt.listen('b')
    recorded.attempt.listen('open')
    expect(source.listened.sort()).toEqual(['a', 'b', 'error', 'message', 'open'])
    for (const type of ['a', 'b', 'message', 'c']) source.sends('1', '', type)
    expect(events().map(({ type }) => type)).toEqual(['a', 'b', 'message'])
    recorded.close()
    recorded.attempt.listen('late')
    expect([source.listened, source.readyState]).toEqual([[], 2])
  })

  it('tells events named open and error from its own by their data', async () => {
    const { source, recorded } = await attempt()
    source.opens()
    source.sends('', '', 'open')
    source.sends('boom', '7', 'error')
    source.loses(0)
    expect(recorded.reports).toEqual([
      { kind: 'open', info: {} },
      { kind: 'event', event: { type: 'open', data: '', lastEventId: '' } },
      { kind: 'event', event: { type: 'error', data: 'boom', lastEventId: '7' } },
      { kind: 'waiting' },
    ])
  })

  it('resumes by itself with the id that the browser saw, and says so', async () => {
    const { source, recorded } = await attempt()
    source.opens()
    source.loses(0)
    source.opens()
    source.sends('1', 'a')
    source.loses(0)
    source.loses(0)
    source.opens()
    expect(recorded.kinds()).toBe('open waiting open event waiting waiting open')
    expect(recorded.of('open').map(({ info }) => info)).toEqual([{}, {}, { resumed: true }])
  })

  it('keeps the cursor from before, which the browser does not know, until there is another id', async () => {
    const { source, events } = await attempt({ lastEventId: 'old' })
    source.opens()
    source.sends('1')
    source.sends('2', 'new')
    source.sends('3', 'new')
    source.sends('4')
    expect(events().map(({ lastEventId }) => lastEventId)).toEqual(['old', 'new', 'new', ''])
  })

  it('fails once when the browser gives up, with the usual causes, and lets go', async () => {
    const { source, recorded } = await attempt()
    source.loses(2)
    source.loses(2)
    source.sends('late')
    expect(recorded.kinds()).toBe('fail')
    expect(recorded.of('fail')[0]?.error).toMatchObject({
      code: 'native-closed',
      retryable: true,
      message: expect.stringMatching(/status.*Content-Type.*CORS.*fetchTransport/s),
    })
    expect(source.listened).toEqual([])
  })

  it.each(['open', 'event', 'waiting'] as const)('close() within %s: nothing more, in that tick either', async (when) => {
    const { source, recorded } = await attempt({}, ({ kind }, { close }) => {
      if (kind === when) close()
    })
    source.opens()
    source.sends('1')
    source.loses(0)
    source.sends('2')
    source.loses(2)
    expect(recorded.kinds().split(' ').at(-1)).toBe(when)
    expect(recorded.breaches).toEqual([])
  })

  it('close() before the request is known makes no EventSource', async () => {
    let answer: (request: ResolvedRequest) => void = () => {}
    const resolve = vi.fn(() => new Promise<ResolvedRequest>((settle) => (answer = settle)))
    const recorded = recordAttempt(nativeTransport({ EventSource: FakeEventSource }), { url: '', resolve })
    await vi.waitFor(() => expect(resolve).toHaveBeenCalled())
    recorded.close()
    answer({ url: 'http://x/', method: 'GET', headers: {}, body: undefined, credentials: undefined, lastEventId: '' })
    await attempt()
    expect(made).toHaveLength(1)
    expect(recorded.reports).toEqual([])
  })
})

describe('what development says of native', () => {
  const open = async (types: readonly string[]) => {
    vi.resetModules()
    const { nativeTransport: fresh } = await import('eventwire/native')
    const transport = fresh({ EventSource: FakeEventSource })
    for (const _ of [1, 2]) {
      recordAttempt(transport, { url: 'http://x/', types })
      await vi.waitFor(() => expect(made).toHaveLength(1))
      made.pop()?.opens()
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
  const client = () => {
    const clock = createVirtualClock()
    const transport = nativeTransport({ EventSource: FakeEventSource })
    return { clock, client: createSSEClient({ clock, transport, retry: { baseMs: 10, maxMs: 10 } }) }
  }

  it('is tried again five times after the browser gave up without an open, then fails', async () => {
    const { clock, client: sse } = client()
    const { getSnapshot, unsubscribe } = sse.subscribe('http://x/events', { types: ['message'] })
    for (let attempts = 1; attempts <= 6; attempts++) {
      await clock.advance(20)
      expect(made).toHaveLength(attempts)
      made.at(-1)?.loses(2)
    }
    await clock.advance(100_000)
    expect(made).toHaveLength(6)
    expect(getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'native-closed' } })
    unsubscribe()
  })

  it('listens to what hooks name, whenever they come', async () => {
    const { clock, client: sse } = client()
    const first = sse.subscribe('http://x/events', { types: ['a'] })
    await clock.advance(1)
    const second = sse.subscribe('http://x/events', { types: ['b'] })
    expect(made).toHaveLength(1)
    expect(made[0]?.listened.sort()).toEqual(['a', 'b', 'error', 'message', 'open'])
    first()
    second()
    await clock.advance(1)
    expect(made[0]?.readyState).toBe(2)
    expect(clock.pending).toBe(0)
  })

  it('an implementation of their own keeps two readers apart; the global one is shared', async () => {
    const { clock, client: sse } = client()
    vi.stubGlobal('EventSource', FakeEventSource)
    const read = (options: NativeTransportOptions) =>
      sse.subscribe('http://x/events', { types: ['a'], transport: nativeTransport(options) })
    const shared = [read({}), read({})]
    await clock.advance(1)
    expect(made).toHaveLength(1)
    const apart = [read({ EventSource: FakeEventSource }), read({ EventSource: FakeEventSource })]
    await clock.advance(1)
    expect(made).toHaveLength(3)
    for (const leave of [...shared, ...apart]) leave()
  })

  it('takes the cursor to the next EventSource as a parameter', async () => {
    const { clock, client: sse } = client()
    const onResume = vi.fn<(resumption: unknown) => void>()
    const subscription = sse.subscribe('http://x/events', { types: ['message'], lastEventIdParam: 'since', onResume })
    await clock.advance(1)
    made[0]?.opens()
    made[0]?.sends('1', 'π-7')
    subscription.reconnect()
    await clock.advance(1)
    made[1]?.opens()
    made[1]?.sends('2')
    await clock.advance(20)
    expect(made[1]?.url).toBe('http://x/events?since=%CF%80-7')
    expect(onResume).toHaveBeenCalledExactlyOnceWith({ resumed: true, gapPossible: false })
    expect(subscription.getSnapshot().lastEventId).toBe('π-7')
    subscription()
  })
})
