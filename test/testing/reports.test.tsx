import { render } from '@testing-library/react'
import type { SSEClient } from 'eventwire'
import { SSEProvider, useSSE } from 'eventwire'
import { createMockSSE } from 'eventwire/testing'
import { useEffect } from 'react'
import { describe, expect, it } from 'vitest'

// These tests are about what `verify` says; it must not say it again by itself.
const mock = (url?: string) => createMockSSE(url, { autoVerify: false, timeoutMs: 50 })

const Sidebar = () => <p>{useOwnHook('/other')}</p>
const Dashboard = () => <p>{useSSE('/events').status}</p>

function useOwnHook(url: string) {
  return useSSE(url).status
}

describe('a leaked connection', () => {
  function Leaky({ client }: { client: SSEClient }) {
    useEffect(() => void client.subscribe('/events'), [client])
    return null
  }

  it('is reported with who opened it', async () => {
    const sse = mock('/events')
    render(<Leaky client={sse.client} />, { wrapper: sse.Provider })
    await sse.connected()
    await expect(sse.verify()).rejects.toThrow(
      /^createMockSSE\('\/events'\): a connection leaked: GET \/events, opened by an effect \(.*reports\.test\.tsx:\d+:\d+\) is still open$/,
    )
    // Let go all the same: it must not run into the next test.
    expect(sse.connections.map(({ state }) => state)).toEqual(['closed'])
    expect(sse.clock.pending).toBe(0)
    await sse.verify()
  })

  it('of a component that is still there, outside of what Provider wraps', async () => {
    const sse = mock('/events')
    const { unmount } = render(
      <SSEProvider client={sse.client}>
        <Dashboard />
      </SSEProvider>,
    )
    await sse.attempted()
    await expect(sse.verify()).rejects.toThrow(
      /a connection leaked: GET \/events, opened by <Dashboard> \(.*reports\.test\.tsx:\d+:\d+\) is still pending/,
    )
    unmount()
  })

  it('is none while a mounted component uses it, or while it lingers', async () => {
    const sse = mock('/events')
    const Lingering = () => <p>{useSSE('/events', { linger: 60_000 }).status}</p>
    render(<Lingering />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    expect(stream.state).toBe('open')
    await expect(sse.verify()).resolves.toBeUndefined()
    expect(stream.state).toBe('closed')
  })
})

describe('an unexpected request', () => {
  it('is answered with an error that names it, and reported with who made it', async () => {
    const sse = mock('/events')
    const said: unknown[] = []
    const Failing = () => <p>{useSSE('/other?a=1', { onError: ({ message }) => said.push(message) }).status}</p>
    render(<Failing />, { wrapper: sse.Provider })
    await sse.advance(60_000)
    const report = /^createMockSSE\('\/events'\) got a request that nobody expected: GET \/other\?a=1, opened by <Failing> \(.*\)$/
    expect(said).toEqual([expect.stringMatching(report)])
    expect(sse.connections).toEqual([])
    await expect(sse.verify()).rejects.toThrow(report)
    await sse.verify()
  })

  it('names the component, not its hooks', async () => {
    const sse = mock('/events')
    render(<Sidebar />, { wrapper: sse.Provider })
    await sse.advance(0)
    await expect(sse.verify()).rejects.toThrow(/GET \/other, opened by <Sidebar> /)
  })

  it('is told to who waits for another', async () => {
    const sse = mock('/events')
    render(<Sidebar />, { wrapper: sse.Provider })
    await expect(sse.connected()).rejects.toThrow(
      /^createMockSSE\('\/events'\): no connection came within 50 ms, but:\n {2}- GET \/other, opened by <Sidebar>.*, which it does not serve$/,
    )
    await expect(mock('/events').connected('/a')).rejects.toThrow(/no connection to '\/a' came .*, nor any other request/)
    await expect(sse.verify()).rejects.toThrow(/<Sidebar>/)
  })
})

describe('who waits for a connection that does not come', () => {
  const Feed = () => <p>{useSSE('/events').status}</p>
  /** How long it took, in real ms, and what was said. */
  async function waited(promise: Promise<unknown>): Promise<{ ms: number; said: string }> {
    const began = performance.now()
    const said = await promise.then(String, (error: unknown) => String(error))
    return { ms: performance.now() - began, said }
  }

  it('because it was shared with what is unmounted: is told so, soon', async () => {
    const sse = createMockSSE('/events', { autoVerify: false })
    const { unmount } = render(<Feed />, { wrapper: sse.Provider })
    const first = await sse.connected()
    unmount()
    const { unmount: over } = render(<Feed />, { wrapper: sse.Provider })
    const { ms, said } = await waited(sse.connected())
    expect(said).toMatch(
      /no connection came within 250 ms, but:\n {2}- GET \/events, open: what was mounted since shares it\. Between unmount\(\) and render\(\) wait for it to close: await connection\.closed$/,
    )
    expect(ms).toBeLessThan(2_500)
    over()
    await first.closed
    render(<Feed />, { wrapper: sse.Provider })
    expect((await sse.connected()).state).toBe('open')
    await sse.verify()
  })

  it('because the mock does not serve what was asked for: is told so, soon, however early it waits', async () => {
    for (const early of [true, false]) {
      const sse = createMockSSE('/alerts', { autoVerify: false })
      const wait = early ? waited(sse.connected()) : null
      render(<Feed />, { wrapper: sse.Provider })
      const { ms, said } = await (wait ?? waited(sse.connected()))
      expect(said).toMatch(/no connection came within 250 ms, but:\n {2}- GET \/events, opened by <Feed>.*, which it does not serve$/)
      expect(ms).toBeLessThan(2_500)
      await expect(sse.verify()).rejects.toThrow(/GET \/events/)
    }
  })
})

describe('a cursor that was not sent', () => {
  it('after a connection that had ids', async () => {
    const sse = mock('/events')
    // Something between the client and the network that forgets.
    sse.client.wrap((transport) => ({
      ...transport,
      open: ({ resolve, ...request }, sink) =>
        transport.open({ ...request, resolve: async () => ({ ...(await resolve()), lastEventId: '' }) }, sink),
    }))
    const unsubscribe = sse.client.subscribe('/events')
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.drop()
    await sse.advance(1_000)
    await sse.connected()
    unsubscribe()
    await expect(sse.verify()).rejects.toThrow(
      /^createMockSSE\('\/events'\) expected the cursor '7', which was not sent: GET \/events came back with none, opened by .*$/,
    )
  })

  it.each(['restart', 'reconnectAll'] as const)('is no complaint after %s, which means to forget it', async (how) => {
    const sse = mock('/events')
    const subscription = sse.client.subscribe('/events')
    ;(await sse.connected()).send({ id: '7', data: 1 })
    if (how === 'restart') subscription.restart()
    else sse.client.reconnectAll({ restart: true })
    expect((await sse.connected()).request.lastEventId).toBe('')
    subscription()
    await sse.verify()
  })

  it('is no complaint when it was sent, nor after closeAll(), which forgets it', async () => {
    const sse = mock('/events')
    render(<Dashboard />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.send({ id: '7', data: 1 })
    stream.drop()
    await sse.advance(1_000)
    const again = await sse.connected()
    expect(again.request.lastEventId).toBe('7')
    sse.client.closeAll()
    expect(again.state).toBe('closed')
    await sse.verify()
  })

  it('that the test expected', async () => {
    const sse = mock('/events')
    render(<Dashboard />, { wrapper: sse.Provider })
    sse.expectCursor('7')
    await sse.connected()
    await expect(sse.verify()).rejects.toThrow(
      "createMockSSE('/events') expected the cursor '7', which was not sent: GET /events came with none",
    )
    sse.expectCursor('8')
    await expect(sse.verify()).rejects.toThrow(/cursor '8', which was not sent: no connection came$/)
  })
})
