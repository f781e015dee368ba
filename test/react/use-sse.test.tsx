import { act, render, renderHook, screen } from '@testing-library/react'
import { defineSSE, json, SSEProvider, text, useSSE, useSSEEvent } from 'eventwire'
import { StrictMode, Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

function setup() {
  const all = harness()
  const wrapper = ({ children }: { children: ReactNode }) => <SSEProvider client={all.client}>{children}</SSEProvider>
  const strict = ({ children }: { children: ReactNode }) => <StrictMode>{wrapper({ children })}</StrictMode>
  const advance = (ms: number) => act(() => all.clock.advance(ms))
  const connected = () => act(() => all.transport.connected())
  return { ...all, wrapper, strict, advance, connected }
}

describe('useSSE', () => {
  it('reads a stream: idle, connecting, open, data', async () => {
    const { wrapper, connected, advance } = setup()
    const seen: string[] = []
    const { result } = renderHook(
      () => {
        const snapshot = useSSE<{ cpu: number }>('/events')
        seen.push(snapshot.status)
        return snapshot
      },
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.send({ type: 'metrics', id: '1', data: { cpu: 42 } }))
    await advance(16)
    expect([...new Set(seen)]).toEqual(['idle', 'connecting', 'open'])
    expect(result.current).toMatchObject({ isConnected: true, data: { cpu: 42 }, lastEventId: '1', error: null })
  })

  it('is the hook that tutorials teach', async () => {
    const { wrapper, connected, advance } = setup()
    const onMessage = vi.fn()
    const onError = vi.fn()
    const { result } = renderHook(() => useSSE<number>({ url: '/events', onMessage, onError }), { wrapper })
    const stream = await connected()
    act(() => stream.send({ data: 1 }))
    expect(result.current.isConnected).toBe(true)
    expect(result.current.data).toBe(1)
    act(() => stream.drop())
    await advance(16)
    expect(result.current.isConnected).toBe(false)
    expect(onMessage.mock.calls).toEqual([[1, expect.objectContaining({ type: 'message', raw: '1' })]])
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'network' })]])
  })

  it.each([null, undefined, false, ''] as const)('%j means not now', async (source) => {
    const { wrapper, advance, transport } = setup()
    const { result } = renderHook(() => useSSE(source), { wrapper })
    await advance(100)
    act(() => result.current.open())
    expect(result.current).toMatchObject({ status: 'idle', data: null, history: [] })
    expect(transport.connections).toHaveLength(0)
  })

  it('enabled, disabled, enabled', async () => {
    const { wrapper, advance, transport, clock } = setup()
    const { rerender } = renderHook(({ enabled }) => useSSE('/events', { enabled }), {
      wrapper,
      initialProps: { enabled: false },
    })
    await advance(0)
    expect(transport.connections).toHaveLength(0)
    rerender({ enabled: true })
    await advance(0)
    expect(transport.connections.map(({ state }) => state)).toEqual(['pending'])
    rerender({ enabled: false })
    await advance(0)
    expect(transport.connections.map(({ state }) => state)).toEqual(['closed'])
    expect(clock.pending).toBe(0)
  })

  it('moves to another source, and keeps the data of the last if asked', async () => {
    const { wrapper, connected, advance, transport } = setup()
    const views: unknown[] = []
    const { result, rerender } = renderHook(
      ({ url, keepPreviousData }) => {
        const snapshot = useSSE(url, { keepPreviousData, history: 2 })
        views.push([url, snapshot.data])
        return snapshot
      },
      { wrapper, initialProps: { url: '/a', keepPreviousData: true } },
    )
    const a = await connected()
    act(() => a.send({ data: 'a'.length }))
    rerender({ url: '/b', keepPreviousData: true })
    expect(result.current).toMatchObject({ data: 1, history: [{ data: 1 }] })
    const b = await connected()
    expect(a.state).toBe('closed')
    expect(result.current).toMatchObject({ status: 'open', data: 1 })
    act(() => b.send({ data: 2 }))
    await advance(16)
    expect(result.current).toMatchObject({ data: 2, history: [{ data: 2 }] })
    rerender({ url: '/c', keepPreviousData: false })
    expect(result.current.data).toBeNull()
    expect(views).not.toContainEqual(['/b', null])
    await advance(0)
    expect(transport.connections).toHaveLength(3)
  })

  it('inline callbacks, headers and options over 100 renders: one connection, the newest closure', async () => {
    const { transport, clock } = setup()
    const seen: number[] = []
    const asked: number[] = []
    const { client } = harness({ clock, transport })
    function Panel({ render: count }: { render: number }) {
      const { data } = useSSE<number>(
        { url: '/events', headers: () => (asked.push(count), { 'x-render': String(count) }), retry: { baseMs: 1_000 } },
        { history: 5, decode: (raw) => Number(raw) + count, onMessage: () => seen.push(count) },
      )
      return <p>{data}</p>
    }
    const page = (count: number) => (
      <SSEProvider client={client} headers={{ a: '1' }} retry={{ jitter: false }} onUncaught={() => {}}>
        <Panel render={count} />
      </SSEProvider>
    )
    const { rerender } = render(page(0))
    const stream = await act(() => transport.connected())
    for (let count = 1; count <= 100; count++) rerender(page(count))
    act(() => stream.send({ data: 7 }))
    expect(screen.getByText('107')).toBeDefined()
    expect(seen).toEqual([100])
    act(() => stream.drop())
    await act(() => clock.advance(1_000))
    expect(asked).toEqual([0, 100])
    expect(transport.connections.map(({ request }) => request.headers['x-render'])).toEqual(['0', '100'])
  })

  it('a burst of 10,000: every event to the listener, at most 3 renders', async () => {
    const { wrapper, connected, advance } = setup()
    let renders = 0
    let last = 0
    const seen: number[] = []
    renderHook(
      () => {
        renders++
        last = useSSE<number>('/events', { onMessage: (data) => seen.push(data) }).data ?? -1
      },
      { wrapper },
    )
    const stream = await connected()
    renders = 0
    const lines = Array.from({ length: 10_000 }, (_, index) => `data: ${index}\n\n`)
    act(() => stream.sendBytes(lines.join('')))
    await advance(1_000)
    expect(seen).toHaveLength(10_000)
    expect(seen.every((data, index) => data === index)).toBe(true)
    expect(last).toBe(9_999)
    expect(renders).toBeLessThanOrEqual(3)
    renders = 0
    for (const line of lines) act(() => stream.sendBytes(line))
    await advance(1_000)
    expect([seen.length, last]).toEqual([20_000, 9_999])
    expect(renders).toBeLessThanOrEqual(3)
  })

  it('ten components, one connection, one render each', async () => {
    const { wrapper, connected, transport } = setup()
    const Cell = () => <i>{String(useSSE('/events').data)}</i>
    render(
      <>
        {Array.from({ length: 10 }, (_, index) => (
          <Cell key={index} />
        ))}
      </>,
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.send({ data: 8 }))
    expect(screen.getAllByText('8')).toHaveLength(10)
    expect(transport.connections).toHaveLength(1)
  })

  it('methods are stable, and do what they say', async () => {
    const { wrapper, connected, advance } = setup()
    const { result } = renderHook(() => useSSE('/events'), { wrapper })
    const { open, close, reconnect, clear } = result.current
    const first = await connected()
    act(() => first.send({ id: '3', data: 1 }))
    act(() => close())
    expect(first.state).toBe('closed')
    expect(result.current).toMatchObject({ status: 'closed', data: 1 })
    await advance(60_000)
    act(() => open())
    const second = await connected()
    expect(second.request.lastEventId).toBe('3')
    act(() => reconnect())
    await connected()
    act(() => clear())
    expect(result.current).toMatchObject({ status: 'open', data: null, lastEventId: '3', open, close, reconnect, clear })
  })

  it('a hook that reads nothing now acts on nothing, though others still read what it read', async () => {
    const { wrapper, connected, client, advance } = setup()
    const other = client.subscribe('/events')
    const initialProps: { url: string | null } = { url: '/events' }
    const { result, rerender } = renderHook(({ url }: typeof initialProps) => useSSE(url), { wrapper, initialProps })
    const stream = await connected()
    rerender({ url: null })
    for (const method of ['close', 'reconnect', 'clear', 'open'] as const) act(() => result.current[method]())
    await advance(0)
    expect([stream.state, other.getSnapshot().status]).toEqual(['open', 'open'])
    other()
  })

  it('throws at once on misuse', () => {
    const { wrapper } = setup()
    const error = vi.spyOn(console, 'error').mockReturnValue()
    const misused = (run: () => void) => () => renderHook(run, { wrapper })
    expect(misused(() => useSSE('/events', { history: Infinity }))).toThrow(/history must be a whole number/)
    expect(misused(() => useSSE('/events', { history: -1 }))).toThrow(TypeError)
    // @ts-expect-error a typo
    expect(misused(() => useSSE('/events', { onMesage: () => {} }))).toThrow(/'onMesage'. Did you mean 'onMessage'/)
    // @ts-expect-error not a URL
    expect(misused(() => useSSE({ url: 5 }))).toThrow(/url must be a string/)
    error.mockRestore()
  })
})

describe('StrictMode and concurrent React', () => {
  it('20 mounts open exactly one request each', async () => {
    const { strict, advance, transport } = setup()
    const Cell = ({ id }: { id: number }) => <i>{useSSE(`/events/${id}`).status}</i>
    const { unmount } = render(
      <>
        {Array.from({ length: 20 }, (_, id) => (
          <Cell key={id} id={id} />
        ))}
      </>,
      { wrapper: strict },
    )
    await advance(0)
    expect(transport.connections.map(({ request }) => request.url).sort()).toEqual(
      Array.from({ length: 20 }, (_, id) => `/events/${id}`).sort(),
    )
    unmount()
    await advance(0)
    expect(transport.connections.filter(({ state }) => state !== 'closed')).toEqual([])
  })

  it('a component that suspends before it mounts opens nothing', async () => {
    const { wrapper, advance, transport, client } = setup()
    const never = new Promise<void>(() => {})
    const Waiting = () => {
      useSSE('/events')
      throw never
    }
    const { unmount } = render(
      <Suspense fallback="waiting">
        <Waiting />
      </Suspense>,
      { wrapper },
    )
    await advance(100)
    expect(transport.connections).toHaveLength(0)
    expect(client.streams()).toEqual([])
    unmount()
  })

  it('survives an unmount inside a handler', async () => {
    const { wrapper, connected, advance, clock, uncaught } = setup()
    const seen: unknown[] = []
    const Panel = ({ leave, take }: { leave: () => void; take: (data: unknown) => void }) => {
      useSSEEvent('/events', 'bye', leave)
      useSSEEvent('/events', ['bye', 'more'], (data) => take(data))
      return <p>{useSSE('/events').status}</p>
    }
    const App = ({ take }: { take: (data: unknown) => void }) => {
      const [shown, show] = useState(true)
      return shown ? <Panel leave={() => show(false)} take={take} /> : <p>gone</p>
    }
    render(<App take={(data) => seen.push(data)} />, { wrapper })
    const stream = await connected()
    act(() => stream.sendBytes('event: bye\ndata: 1\n\nevent: more\ndata: 2\n\n'))
    await advance(0)
    expect(screen.getByText('gone')).toBeDefined()
    expect(stream.state).toBe('closed')
    expect(seen).toEqual([1, 2])
    expect(uncaught).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('a consumer that sets state in an effect does not exceed the update depth', async () => {
    const { wrapper, connected, advance, uncaught } = setup()
    const Panel = () => {
      const { data } = useSSE<number>('/events')
      const [copy, setCopy] = useState<number | null>(null)
      // oxlint-disable-next-line react/set-state-in-effect -- what users do, and what this is about
      useEffect(() => setCopy(data), [data])
      return <p>{copy}</p>
    }
    render(<Panel />, { wrapper })
    const stream = await connected()
    // Outside act, as in a browser: React renders in microtasks of its own.
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
    for (let data = 0; data < 200; data++) {
      stream.send({ data })
      await Promise.resolve()
    }
    vi.unstubAllGlobals()
    await advance(100)
    expect(screen.getByText('199')).toBeDefined()
    expect(uncaught).toEqual([])
  })
})

describe('select', () => {
  const ops = defineSSE({ url: '/events', events: { metrics: json<{ cpu: number }>(), log: text() } })

  it('renders again only when the selection changes', async () => {
    const { wrapper, connected, advance } = setup()
    let renders = 0
    const { result } = renderHook(
      () => {
        renders++
        return useSSE(ops, { select: (snapshot) => snapshot.latest.metrics?.data.cpu })
      },
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.send({ type: 'metrics', data: { cpu: 5 } }))
    await advance(16)
    expect(result.current).toBe(5)
    renders = 0
    act(() => stream.send({ type: 'log', data: 'noise' }))
    await advance(16)
    act(() => stream.send({ type: 'metrics', data: { cpu: 5 } }))
    await advance(16)
    expect(renders).toBe(0)
  })

  it('follows a prop right after it changed', async () => {
    const { wrapper, connected } = setup()
    const { result, rerender } = renderHook(
      ({ factor }) => useSSE<number, number>('/events', { select: ({ data }) => (data ?? 0) * factor }),
      { wrapper, initialProps: { factor: 2 } },
    )
    const stream = await connected()
    act(() => stream.send({ data: 10 }))
    expect(result.current).toBe(20)
    rerender({ factor: 3 })
    expect(result.current).toBe(30)
  })

  it('isEqual keeps the identity of an equal selection, over renders too', async () => {
    const { wrapper, connected, advance } = setup()
    const { result, rerender } = renderHook(
      () =>
        useSSE<number, number[]>('/events', {
          select: ({ data }) => [Math.floor((data ?? 0) / 10)],
          isEqual: (a, b) => a[0] === b[0],
        }),
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.send({ data: 10 }))
    const first = result.current
    expect(first).toEqual([1])
    act(() => stream.send({ data: 15 }))
    await advance(16)
    rerender()
    expect(result.current).toBe(first)
    act(() => stream.send({ data: 25 }))
    await advance(16)
    expect(result.current).toEqual([2])
  })
})

describe('useSSEEvent', () => {
  it('hears every event of its types, with the newest closure, without rendering', async () => {
    const { wrapper, connected, advance, transport } = setup()
    let renders = 0
    const seen: unknown[] = []
    const { rerender } = renderHook(
      ({ tag }) => {
        renders++
        useSSEEvent<number>('/events', 'alert', (data, { type }) => seen.push([tag, type, data]))
        useSSEEvent('/events', ['a', 'b'], (_, { type }) => seen.push(type))
      },
      { wrapper, initialProps: { tag: 'old' } },
    )
    const stream = await connected()
    rerender({ tag: 'new' })
    renders = 0
    act(() => {
      for (const type of ['alert', 'a', 'b', 'c', 'alert']) stream.send({ type, data: 1 })
    })
    await advance(100)
    expect(seen).toEqual([['new', 'alert', 1], 'a', 'b', ['new', 'alert', 1]])
    expect(renders).toBe(0)
    expect(transport.connections).toHaveLength(1)
  })

  it('shares the connection of useSSE on the same URL, with different decoders too', async () => {
    const { wrapper, connected, transport } = setup()
    const seen: unknown[] = []
    const { result } = renderHook(
      () => {
        useSSEEvent('/events', 'message', (data) => seen.push(data), { decode: 'text' })
        return useSSE('/events').data
      },
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.send({ data: [1] }))
    expect(seen).toEqual(['[1]'])
    expect(result.current).toEqual([1])
    expect(transport.connections).toHaveLength(1)
  })
})

describe('SSEProvider', () => {
  it('merges headers with those of hooks and outer providers, and shares below a function', async () => {
    const { client, transport, clock } = setup()
    const Cell = () => <i>{useSSE('/events', { headers: { 'x-hook': '1' } }).status}</i>
    const page = (
      <SSEProvider client={client} headers={() => ({ authorization: 'a', 'x-outer': '1' })}>
        <SSEProvider headers={{ 'X-Outer': '2' }}>
          <Cell />
          <Cell />
        </SSEProvider>
      </SSEProvider>
    )
    const { rerender } = render(page)
    rerender(page)
    await act(() => clock.advance(0))
    expect(transport.connections.map(({ request }) => request.headers)).toEqual([
      { accept: 'text/event-stream', authorization: 'a', 'x-outer': '2', 'x-hook': '1' },
    ])
  })

  it('a default that differs in structure reconnects', async () => {
    const { client, transport, clock } = setup()
    const Cell = () => <i>{useSSE('/events').status}</i>
    const page = (tenant: string) => (
      <SSEProvider client={client} headers={{ tenant }}>
        <Cell />
      </SSEProvider>
    )
    const { rerender } = render(page('a'))
    await act(() => clock.advance(0))
    rerender(page('b'))
    await act(() => clock.advance(0))
    expect(transport.connections.map(({ request, state }) => [request.headers['tenant'], state])).toEqual([
      ['a', 'closed'],
      ['b', 'pending'],
    ])
  })

  it("gives what callbacks throw to the nearest provider's onUncaught", async () => {
    const { client, transport, uncaught } = setup()
    const near: unknown[] = []
    const boom = new Error('boom')
    const Cell = ({ error }: { error: Error }) => {
      useSSEEvent('/events', 'message', () => {
        throw error
      })
      return null
    }
    render(
      <SSEProvider client={client} onUncaught={(error) => near.push(error)}>
        <Cell error={boom} />
      </SSEProvider>,
    )
    const stream = await act(() => transport.connected())
    act(() => stream.send({ data: 1 }))
    expect([near, uncaught]).toEqual([[boom], []])
  })
})
