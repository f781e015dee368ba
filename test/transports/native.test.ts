/** What no real EventSource does when told to; over a real one: `native-event-source.test.ts`. */
import type { ResolvedRequest } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { createVirtualClock } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AttemptRequest } from '../../src/testing/conformance/recorded-attempt.js'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'
import { ScriptedEventSource } from './scripted-event-source.js'

const made = ScriptedEventSource.made

afterEach(() => {
  made.length = 0
  vi.unstubAllGlobals()
})

/** An attempt that has got as far as its EventSource. */
async function attempt(request: AttemptRequest = {}, onReport?: Parameters<typeof recordAttempt>[2]) {
  const transport = nativeTransport({ EventSource: ScriptedEventSource })
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

  it('says what to do where there is no EventSource', async () => {
    vi.stubGlobal('EventSource', undefined)
    expect(() => recordAttempt(nativeTransport(), { url: 'http://x/events' })).toThrow(
      new TypeError('There is no EventSource here: pass nativeTransport({ EventSource }) one, or use fetchTransport()'),
    )
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

  it("keeps the cursor where what was passed in, as npm's eventsource, tells an id only once", async () => {
    const { source, recorded, events } = await attempt({ lastEventId: 'old' })
    source.opens()
    source.sends('1')
    source.sends('2', '7')
    source.sends('3')
    source.loses(0)
    source.opens()
    source.sends('4')
    expect(events().map(({ lastEventId }) => lastEventId)).toEqual(['old', '7', '7', '7'])
    expect(recorded.of('open').map(({ info }) => info)).toEqual([{}, { resumed: true }])
  })

  it("believes the platform's own EventSource that an empty id has reset the cursor, passed in or not", async () => {
    vi.stubGlobal('EventSource', ScriptedEventSource)
    const { source, events } = await attempt()
    source.sends('1', '7')
    source.sends('2')
    expect(events().map(({ lastEventId }) => lastEventId)).toEqual(['7', ''])
  })

  it('fails once when the browser gives up, and lets go', async () => {
    const { source, recorded } = await attempt()
    source.loses(2)
    source.loses(2)
    source.sends('late')
    expect(recorded.kinds()).toBe('fail')
    expect(source.listened).toEqual([])
  })

  it('gives up where there is no readyState to go by: what stops says nothing more', async () => {
    const { source, recorded } = await attempt()
    Object.assign(source, { readyState: undefined })
    source.dispatchEvent(new Event('error'))
    expect(recorded.of('fail')[0]?.error).toMatchObject({ code: 'native-closed', retryable: true })
    expect(source.listened).toEqual([])
  })

  describe('with a clock', () => {
    const withClock = async (request: AttemptRequest = {}) => {
      const clock = createVirtualClock({ now: 0 })
      return { clock, ...(await attempt({ clock, ...request })) }
    }

    it('tells of an end when it comes back, if not before', async () => {
      const { source, recorded } = await withClock()
      source.opens()
      source.sends('1', '7')
      source.opens()
      expect(recorded.kinds()).toBe('open event waiting open')
      expect(recorded.of('open').map(({ info }) => info)).toEqual([{}, { resumed: true }])
    })

    it('looks again after an error: some close only then', async () => {
      const { clock, source, recorded } = await withClock()
      source.loses(0)
      source.close()
      await clock.advance(0)
      expect(recorded.kinds()).toBe('waiting fail')
      expect(recorded.of('fail')[0]?.error.code).toBe('native-closed')
    })

    it('leaves no timer behind, however it ends', async () => {
      const { clock, source, recorded } = await withClock()
      source.loses(0)
      source.loses(0)
      expect(clock.pending).toBe(1)
      recorded.close()
      expect(clock.pending).toBe(0)
    })

    it('goes on as long as it says that it will', async () => {
      const { clock, source, recorded } = await withClock()
      source.loses(0)
      await clock.advance(0)
      source.opens()
      expect([recorded.kinds(), clock.pending]).toEqual(['waiting open', 0])
    })

    it('ends at the first break where the next one can take the cursor in its URL', async () => {
      const { clock, source, recorded } = await withClock({ cursorParam: 'since' })
      source.opens()
      source.sends('1', '7')
      source.loses(0)
      await clock.advance(0)
      expect(recorded.kinds()).toBe('open event waiting fail')
      expect(recorded.of('fail')[0]?.error).toMatchObject({ code: 'network', retryable: true })
      expect([source.readyState, source.listened, clock.pending]).toEqual([2, [], 0])
    })
  })

  it.each([
    ['an FTP URL', { url: 'ftp://x/' }, /scheme/],
    ['a WebSocket URL', { url: 'ws://x/' }, /nor is it a WebSocket/],
    ['a URL with a password', { url: 'http://user:s3cret@x/' }, /user or password/],
    ['a relative URL without a page', { url: '/events?token=s3cret' }, /baseUrl/],
  ])('is not made for %s', async (_, request, says) => {
    const recorded = recordAttempt(nativeTransport({ EventSource: ScriptedEventSource }), request)
    await vi.waitFor(() => expect(recorded.of('fail')).toHaveLength(1))
    expect(recorded.of('fail')[0]?.error).toMatchObject({ code: 'unsupported', retryable: false, message: expect.stringMatching(says) })
    expect(String(recorded.of('fail')[0]?.error)).not.toContain('s3cret')
    expect(made).toEqual([])
  })

  it('tells no URL when EventSource itself refuses it', async () => {
    class Picky extends ScriptedEventSource {
      constructor(url: string) {
        super(url, { withCredentials: false })
        throw new SyntaxError(`Cannot open an EventSource to '${url}'`)
      }
    }
    const recorded = recordAttempt(nativeTransport({ EventSource: Picky }), { url: 'http://x/?s3cret' })
    await vi.waitFor(() => expect(recorded.of('fail')).toHaveLength(1))
    const [failure] = recorded.of('fail')
    expect(failure?.error).toMatchObject({ code: 'unsupported', retryable: false, cause: expect.any(TypeError) })
    expect([String(failure?.error), String(failure?.error.cause)].join()).not.toContain('s3cret')
  })

  it('says nothing in a browser without a bundler, which has no process', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { source, recorded } = await attempt({ types: [] })
    vi.stubGlobal('process', undefined)
    source.opens()
    vi.unstubAllGlobals()
    expect([recorded.kinds(), warn.mock.calls]).toEqual(['open', []])
    warn.mockRestore()
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
    const recorded = recordAttempt(nativeTransport({ EventSource: ScriptedEventSource }), { url: '', resolve })
    await vi.waitFor(() => expect(resolve).toHaveBeenCalled())
    recorded.close()
    answer({ url: 'http://x/', method: 'GET', headers: {}, body: undefined, credentials: undefined, lastEventId: '' })
    await attempt()
    expect(made).toHaveLength(1)
    expect(recorded.reports).toEqual([])
  })
})

describe('native under a client', () => {
  const client = () => {
    const clock = createVirtualClock({ now: 0 })
    const transport = nativeTransport({ EventSource: ScriptedEventSource })
    return { clock, client: createSSEClient({ clock, transport, retry: { baseMs: 10, maxMs: 10 } }) }
  }

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
})
