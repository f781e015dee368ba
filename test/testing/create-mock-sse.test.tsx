import { render, screen } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { fetchTransport } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { createMockSSE } from 'eventwire/testing'
import { StrictMode, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

// What React has to say is an error here: about act, for one.
beforeEach(() => void vi.spyOn(console, 'error'))
afterEach(() => {
  expect(console.error).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

function Dashboard() {
  const { data, status, attempt, history, error } = useSSE<{ cpu: number }>('/events', { history: 10 })
  return (
    <main>
      <h1>{status}</h1>
      <b>{data?.cpu}%</b>
      <i>{`attempt ${attempt}`}</i>
      <p>{history.map((event) => event.data.cpu).join()}</p>
      <pre>{error?.message}</pre>
    </main>
  )
}

it('reads as the guide says', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  stream.send({ type: 'metrics', data: { cpu: 42 } })
  expect(screen.getByText('42%')).toBeVisible()
  stream.drop()
  await sse.advance(30_000)
  expect(sse.connections).toHaveLength(2)
})

describe('everything happens in the call', () => {
  it('the status, from connected() on', async () => {
    const sse = createMockSSE()
    render(<Dashboard />, { wrapper: sse.Provider })
    expect(screen.getByRole('heading')).toHaveTextContent('connecting')
    const stream = await sse.connected()
    expect(screen.getByRole('heading')).toHaveTextContent('open')
    stream.drop()
    expect(screen.getByRole('heading')).toHaveTextContent('reconnecting')
    expect(screen.getByText('attempt 1')).toBeVisible()
    await sse.advance(499)
    expect(sse.connections).toHaveLength(1)
    await sse.advance(1)
    expect(sse.connections).toHaveLength(2)
  })

  it('a second event of the same frame', async () => {
    const sse = createMockSSE('/events', { now: 5 })
    render(<Dashboard />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    for (const cpu of [1, 2, 3]) stream.send({ data: { cpu } })
    expect(screen.getByText('1,2,3')).toBeVisible()
    expect(sse.clock.now()).toBe(5)
  })

  it('what effects make of it: another stream, even', async () => {
    const sse = createMockSSE(['/jobs', '/jobs/:id'])
    const App = () => {
      const { data: id } = useSSE<number>('/jobs')
      const { data } = useSSE<{ state: string }>(id ? `/jobs/${id}` : null)
      return <p>{data?.state}</p>
    }
    render(<App />, { wrapper: sse.Provider })
    ;(await sse.connected()).send({ data: 7 })
    const job = await sse.connected('/jobs/7')
    job.send({ data: { state: 'done' } })
    expect(screen.getByText('done')).toBeVisible()
  })

  it('bytes, cut anywhere, comments between', async () => {
    const sse = createMockSSE('/events')
    render(<Dashboard />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    for (const byte of new TextEncoder().encode('data: {"cpu"\ndata: :5}\n\n')) stream.sendBytes(Uint8Array.of(byte))
    stream.comment('still here')
    expect(screen.getByText('5%')).toBeVisible()
  })

  it('a refusal, an end, a silence', async () => {
    const sse = createMockSSE('/events')
    render(<Dashboard />, { wrapper: sse.Provider })
    ;(await sse.attempted()).respond(503, { 'Retry-After': '7' }, 'later')
    expect(screen.getByText('The server answered 503; an event stream needs 200')).toBeVisible()
    await sse.advance(6_999)
    expect(sse.connections).toHaveLength(1)
    await sse.advance(1)
    const second = await sse.connected()
    second.end()
    expect(screen.getByRole('heading')).toHaveTextContent('reconnecting')
    await sse.advance(30_000)
    const third = await sse.connected()
    third.stall()
    third.send({ data: { cpu: 99 } })
    third.end()
    expect(screen.queryByText('99%')).toBeNull()
    expect(third.state).toBe('open')
    third.drop()
    await third.closed
    await sse.advance(30_000)
    ;(await sse.attempted()).respond(204)
    expect(screen.getByRole('heading')).toHaveTextContent('closed')
    expect(sse.clock.pending).toBe(0)
  })

  it('timers that what they render sets', async () => {
    const sse = createMockSSE('/events', { now: 0 })
    const seen: number[] = []
    const App = () => {
      const [round, next] = useState(0)
      const retry = () => 1_000
      // A stream of its own in every round, each of which fails.
      useSSE(`/events?round=${round}`, { retry, onError: () => (seen.push(sse.clock.now()), next(round + 1)) })
      return null
    }
    render(<App />, { wrapper: sse.Provider })
    for (let round = 0; round < 3; round++) {
      ;(await sse.attempted(`/events?round=${round}`)).drop()
      await sse.advance(100)
    }
    expect(seen).toEqual([0, 100, 200])
  })

  it('a fold, and listeners', async () => {
    const sse = createMockSSE('/events')
    const seen: unknown[] = []
    const Sum = () => {
      const sum = useSSEReducer<number, number>('/events', (total, { data }) => total + data, 0)
      useSSEEvent('/events', 'message', (data) => seen.push(data))
      return <b>{sum}</b>
    }
    render(<Sum />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    stream.send({ data: 1 })
    stream.send({ data: 2 })
    expect(screen.getByText('3')).toBeVisible()
    expect(seen).toEqual([1, 2])
  })

  it('in StrictMode', async () => {
    const sse = createMockSSE('/events')
    render(
      <StrictMode>
        <sse.Provider>
          <Dashboard />
        </sse.Provider>
      </StrictMode>,
    )
    ;(await sse.connected()).send({ data: { cpu: 3 } })
    expect(screen.getByText('3%')).toBeVisible()
    expect(sse.connections).toHaveLength(1)
  })
})

describe('what it is asked', () => {
  it('method, URL, headers, body, and the cursor', async () => {
    const sse = createMockSSE('https://api.test/chat')
    const Chat = () => <p>{useSSE({ url: '/chat', body: { q: 'ü' }, live: true, headers: async () => ({ Authorization: 'Bearer 1' }) }).status}</p>
    render(
      <sse.Provider>
        <SSEProvider baseUrl="https://api.test">
          <Chat />
        </SSEProvider>
      </sse.Provider>,
    )
    const stream = await sse.connected()
    expect(stream.request).toMatchObject({
      method: 'POST',
      url: 'https://api.test/chat',
      headers: { authorization: 'Bearer 1', 'content-type': 'application/json' },
      body: '{"q":"ü"}',
      lastEventId: '',
    })
    stream.send({ id: 'π-7', data: 1 })
    stream.drop()
    sse.expectCursor('π-7')
    await sse.advance(1_000)
    expect((await sse.connected()).request.lastEventId).toBe('π-7')
    await sse.verify()
  })

  it('answers by itself if it is told to', async () => {
    const sse = createMockSSE('/events', { onConnection: (connection) => connection.send({ data: { cpu: 8 } }) })
    render(<Dashboard />, { wrapper: sse.Provider })
    await sse.advance(0)
    expect(screen.getByText('8%')).toBeVisible()
  })
})

describe('it replaces every transport', () => {
  const nowhere: typeof fetch = () => Promise.reject(new Error('the network was used'))

  it.each([
    ['of the hook, inline', <Explicit key={0} />],
    [
      'of a provider, inline',
      <SSEProvider key={1} transport={fetchTransport({ fetch: nowhere })}>
        <Dashboard />
      </SSEProvider>,
    ],
    [
      'of a client of the app',
      <SSEProvider key={2} client={createSSEClient({ transport: fetchTransport({ fetch: nowhere }) })}>
        <Dashboard />
      </SSEProvider>,
    ],
  ])('%s', async (_, app) => {
    const sse = createMockSSE('/events')
    const { rerender } = render(app, { wrapper: sse.Provider })
    const stream = await sse.connected()
    rerender(app)
    stream.send({ data: { cpu: 42 } })
    expect(screen.getByText('42%')).toBeVisible()
    stream.drop()
    await sse.advance(1_000)
    expect(sse.connections).toHaveLength(2)
  })

  function Explicit() {
    return <b>{useSSE<{ cpu: number }>('/events', { transport: fetchTransport({ fetch: nowhere }) }).data?.cpu}%</b>
  }

  it("a client's own defaults stay", async () => {
    const client = createSSEClient({ baseUrl: 'https://api.test', headers: { 'x-app': '1' } })
    const sse = createMockSSE('/events')
    render(
      <SSEProvider client={client}>
        <Dashboard />
      </SSEProvider>,
      { wrapper: sse.Provider },
    )
    const { request } = await sse.connected()
    expect(request).toMatchObject({ url: 'https://api.test/events', headers: { 'x-app': '1' } })
    expect(client.streams()).toMatchObject([{ status: 'open' }])
  })

  it('and is as able as that: over native, a type that nobody named does not arrive', async () => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const sse = createMockSSE('/events')
    const Log = () => {
      const [lines, add] = useState<string[]>([])
      useSSEEvent('/events', ['log'], (_, { type }) => add((all) => [...all, type]), { transport: nativeTransport() })
      useSSE('/events', { transport: nativeTransport(), onMessage: (_, { type }) => add((all) => [...all, type]) })
      return <p>{lines.join()}</p>
    }
    render(<Log />, { wrapper: sse.Provider })
    const stream = await sse.connected()
    for (const type of ['log', 'other', 'message']) stream.send({ type, data: 1 })
    expect(screen.getByText('log,log,message')).toBeVisible()
  })
})

describe('without React', () => {
  it('its client does the same', async () => {
    const sse = createMockSSE('/events')
    const seen: unknown[] = []
    const { getSnapshot, unsubscribe } = sse.client.subscribe('/events', { onMessage: (data) => seen.push(data) })
    const stream = await sse.connected()
    stream.send({ data: 1 })
    stream.send({ data: 2 })
    expect([seen, getSnapshot().data]).toEqual([[1, 2], 2])
    unsubscribe()
    await sse.verify()
    expect(stream.state).toBe('closed')
    expect(sse.clock.pending).toBe(0)
  })
})
