import { render, screen } from '@testing-library/react'
import { createSSEClient, useSSE } from 'eventwire'
import { createMockSSE, createVirtualClock, mockTransport } from 'eventwire/testing'
import { useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

// What React has to say is an error here: about act, for one.
beforeEach(() => void vi.spyOn(console, 'error'))
afterEach(() => {
  vi.useRealTimers()
  expect(console.error).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

/** Counts the seconds by the runner's timers, and the ms until the next attempt by the mock's. */
function Dashboard() {
  const { status, retryAt } = useSSE('/events')
  const [seconds, count] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => count((before) => before + 1), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <p>{`${seconds} s, ${status}, ${retryAt ? `again in ${retryAt - Date.now()} ms` : 'no wait'}`}</p>
}

describe('virtual time', () => {
  it('begins now: what reckons with the time of day is right', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 5, 9) })
    const sse = createMockSSE()
    expect(sse.clock.now()).toBe(Date.now())
    expect(createVirtualClock().now()).toBe(Date.now())
    const subscription = sse.client.subscribe('/events')
    ;(await sse.attempted()).respond(503, { 'Retry-After': new Date(Date.now() + 7_000).toUTCString() })
    expect(subscription.getSnapshot().retryAt).toBe(Date.now() + 7_000)
    await sse.advance(7_000)
    expect(sse.connections).toHaveLength(2)
    subscription()
  })

  it('has its frames at the same distance in every run', () => {
    for (const now of [0, 5, 1_795_715_387_001]) {
      const clock = createVirtualClock({ now })
      clock.requestFrame?.(() => {})
      expect(clock.nextAt).toBe(now + 16)
    }
  })
})

describe("under the runner's fake timers", () => {
  beforeEach(() => void vi.useFakeTimers())

  it('connected() gives up in real time, and says what is missing', async () => {
    const sse = createMockSSE('/events', { timeoutMs: 20 })
    await expect(sse.connected()).rejects.toThrow(/no connection came within 20 ms/)
  })

  it('everything still happens in the call, and advance() moves the mock alone', async () => {
    const sse = createMockSSE()
    render(<Dashboard />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.drop()
    await sse.advance(2_000)
    expect(sse.connections).toHaveLength(2)
    expect(screen.getByText(/^0 s/)).toBeVisible()
    await sse.verify()
  })

  describe('with advanceTimers they are one time', () => {
    it.each<[how: string, advanceTimers: (ms: number) => unknown]>([
      ['vi.advanceTimersByTime', (ms) => vi.advanceTimersByTime(ms)],
      ['vi.advanceTimersByTimeAsync', (ms) => vi.advanceTimersByTimeAsync(ms)],
    ])('advance() moves both: %s', async (_, advanceTimers) => {
      const sse = createMockSSE('/events', { advanceTimers })
      render(<Dashboard />, { wrapper: sse.Provider })
      const stream = await sse.connected()
      expect(screen.getByText('0 s, open, no wait')).toBeVisible()
      stream.drop()
      expect(screen.getByText('0 s, reconnecting, again in 500 ms')).toBeVisible()
      await sse.advance(499)
      expect(sse.connections).toHaveLength(1)
      await sse.advance(1)
      await sse.connected()
      await sse.advance(1_500)
      expect(screen.getByText('2 s, open, no wait')).toBeVisible()
      await sse.verify()
      expect(sse.clock.pending).toBe(0)
    })

    it('and so do the runner\'s own', async () => {
      const sse = createMockSSE('/events', { advanceTimers: (ms) => vi.advanceTimersByTime(ms) })
      const subscription = sse.client.subscribe('/events')
      const stream = await sse.connected()
      stream.drop()
      expect(sse.clock.nextAt).toBe(Date.now() + 500)
      await vi.advanceTimersByTimeAsync(500)
      await sse.connected()
      expect(subscription.getSnapshot().status).toBe('open')
      subscription()
    })

    it('down to its frames and what is cancelled', () => {
      const { clock } = createMockSSE('/events', { advanceTimers: (ms) => vi.advanceTimersByTime(ms) })
      const seen: string[] = []
      clock.clearTimeout(clock.setTimeout(() => seen.push('cancelled'), 1))
      clock.setTimeout(() => seen.push('timer'), 16)
      clock.requestFrame?.(() => seen.push('frame'))
      clock.runFrames()
      expect([seen, clock.pending]).toEqual([['frame'], 1])
      clock.advanceSync(16)
      expect([seen, clock.pending, clock.nextAt]).toEqual([['frame', 'timer'], 0, null])
    })
  })
})

describe('several at a time', () => {
  it('wait for connections, and React is left as it was', async () => {
    const sse = createMockSSE()
    const { IS_REACT_ACT_ENVIRONMENT: before } = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    const both = Promise.all([sse.connected('/a'), sse.connected('/b'), sse.advance(1)])
    const leave = ['/b', '/a'].map((url) => sse.client.subscribe(url))
    const [{ request }] = await both
    expect(request.url).toBe('/a')
    expect(globalThis).toHaveProperty('IS_REACT_ACT_ENVIRONMENT', before)
    leave.forEach((one) => one())
  })
})

describe('tests that run concurrently', () => {
  it.each(['a', 'b'])('verify their own mock when they themselves are over: %s', async (name) => {
    const finished: (() => Promise<void>)[] = []
    const sse = createMockSSE(undefined, { onTestFinished: (verify) => finished.push(verify) })
    sse.client.subscribe(`/${name}`)
    const stream = await sse.connected()
    await expect(finished[0]?.()).rejects.toThrow(/a connection leaked/)
    expect(stream.state).toBe('closed')
  })
})

describe('verify()', () => {
  it('leaves nobody waiting: who waits for a connection is told', async () => {
    const sse = createMockSSE('/events')
    const waiting = [sse.connected(), sse.attempted('/events')].map((one) => one.catch(({ message }: Error) => message))
    await sse.advance(0)
    await sse.verify()
    expect(await Promise.all(waiting)).toEqual(Array(2).fill("createMockSSE('/events'): verify() was called while this waited for a connection"))
  })

  it('nor for an end that nobody brings', async () => {
    const sse = createMockSSE('/events', { autoVerify: false })
    const client = createSSEClient({ transport: mockTransport() })
    // Somebody between who does not let go.
    client.wrap((transport) => ({ ...transport, open: (...attempt) => ({ ...transport.open(...attempt), close() {} }) }))
    const mock = createMockSSE('/events', { client, autoVerify: false })
    client.subscribe('/events')
    const stream = await mock.connected()
    await expect(mock.verify()).rejects.toThrow(/leaked/)
    await stream.closed
    await sse.verify()
  })
})
