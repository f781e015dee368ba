import { act, renderHook } from '@testing-library/react'
import { defineSSE, json, SSEProvider, text, useSSE, useSSEReducer } from 'eventwire'
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'
import { reactHarness } from './setup.js'

const ops = defineSSE({ url: '/events', events: { metrics: json<{ cpu: number }>(), log: text() } })

function setup() {
  const all = harness()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <SSEProvider client={all.client}>{children}</SSEProvider>
    </StrictMode>
  )
  return { ...all, wrapper, connected: () => act(() => all.transport.connected()), advance: (ms: number) => act(() => all.clock.advance(ms)) }
}

describe('useSSEReducer', () => {
  it('folds every event, published once a frame at most', async () => {
    const { wrapper, connected, advance } = setup()
    let renders = 0
    const { result } = renderHook(
      () => {
        renders++
        return useSSEReducer(ops, (sum, event) => (event.type === 'metrics' ? sum + event.data.cpu : sum), 0)
      },
      { wrapper },
    )
    const stream = await connected()
    renders = 0
    act(() => stream.sendBytes('event: metrics\ndata: {"cpu":1}\n\nevent: log\ndata: x\n\n'.repeat(5_000)))
    await advance(100)
    expect(result.current).toBe(5_000)
    // StrictMode renders each twice.
    expect(renders).toBeLessThanOrEqual(4)
  })

  it('uses the newest reducer, and starts again with another source', async () => {
    const { wrapper, connected, advance } = setup()
    const { result, rerender } = renderHook(
      ({ url, step }) => useSSEReducer<number, number>(url, (sum) => sum + step, 0),
      { wrapper, initialProps: { url: '/a', step: 1 } },
    )
    const a = await connected()
    act(() => a.send({ data: 1 }))
    rerender({ url: '/a', step: 10 })
    act(() => a.send({ data: 1 }))
    await advance(16)
    expect(result.current).toBe(11)
    rerender({ url: '/b', step: 10 })
    expect(result.current).toBe(0)
    const b = await connected()
    act(() => b.send({ data: 1 }))
    await advance(16)
    expect(result.current).toBe(10)
  })

  it("from 'history' begins with what is kept, each event once", async () => {
    const { wrapper, client, connected, advance } = setup()
    const early = client.subscribe(ops, { history: 10 })
    const stream = await connected()
    stream.send({ type: 'log', data: 'a' })
    stream.send({ type: 'log', data: 'b' })
    const fold = (list: string, event: { raw: string }) => list + event.raw
    const { result } = renderHook(
      () => [
        useSSEReducer(ops, fold, '', { from: 'history' }),
        useSSEReducer(ops, fold, '', { from: 'now' }),
        useSSEReducer(ops, fold, ''),
      ],
      { wrapper },
    )
    expect(result.current).toEqual(['ab', '', ''])
    act(() => stream.send({ type: 'log', data: 'c' }))
    await advance(16)
    expect(result.current).toEqual(['abc', 'c', 'c'])
    early()
  })

  it('tells of gaps, and a reducer that throws stops nobody', async () => {
    const { wrapper, connected, advance, uncaught } = setup()
    const onResume = vi.fn()
    const { result } = renderHook(
      () => {
        const sum = useSSEReducer<number, number>(
          '/events',
          (before, { data }) => {
            if (data === 2) throw new Error('two')
            return before + data
          },
          0,
          { onResume },
        )
        return { sum, data: useSSE<number>('/events').data }
      },
      { wrapper },
    )
    const stream = await connected()
    act(() => stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n'))
    await advance(16)
    expect(result.current).toEqual({ sum: 4, data: 3 })
    expect(uncaught).toMatchObject([{ message: 'two' }])
    act(() => stream.drop())
    await advance(1_000)
    await connected()
    expect(onResume.mock.calls).toEqual([[{ resumed: false, gapPossible: true }]])
  })

  it("from 'history': a reducer that throws stops nobody, and leaves nothing", async () => {
    const { wrapper, client, connected, advance, uncaught } = setup()
    const early = client.subscribe('/events', { history: 10 })
    const stream = await connected()
    stream.sendBytes('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    const add = (sum: number, { data }: { data: number }) => {
      if (data === 2) throw new Error('two')
      return sum + data
    }
    const { result, unmount } = renderHook(
      () => useSSEReducer<number, number>('/events', add, 0, { from: 'history' }),
      { wrapper },
    )
    expect(result.current).toBe(4)
    expect(uncaught).toMatchObject([{ message: 'two' }])
    unmount()
    early()
    await advance(0)
    expect(stream.state).toBe('closed')
    expect(client.streams()).toEqual([])
  })

  it('goes on when more is kept; another client begins anew', async () => {
    const { connected, advance, client: first } = setup()
    const other = harness()
    let client = first
    let history = 1
    const { result, rerender } = renderHook(
      () => useSSEReducer<number, number>('/events', (sum, { data }) => sum + data, 0, { history }),
      { wrapper: ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider> },
    )
    const stream = await connected()
    act(() => stream.send({ data: 5 }))
    await advance(16)
    history = 2
    rerender()
    expect(result.current).toBe(5)
    client = other.client
    rerender()
    expect(result.current).toBe(0)
    await act(() => other.transport.connected())
    expect(result.current).toBe(0)
  })
})

describe('after a gap, or a server that had to start over', () => {
  async function broken(recover?: (state: number[], why: 'gap' | 'reset') => number[]) {
    const all = reactHarness()
    const push = (list: number[], { data }: { data: number }) => [...list, data]
    const { result } = renderHook(() => useSSEReducer<number, number[]>('/events', push, [], recover ? { recover } : {}), {
      wrapper: all.wrapper,
    })
    const first = await all.connected()
    act(() => first.send({ id: '7', data: 1 }))
    act(() => first.drop())
    await all.advance(1_000)
    return { ...all, result }
  }

  it('a gap keeps the state, unless recover says what it is then', async () => {
    for (const [recover, state] of [
      [undefined, [1, 2]],
      [(list: number[], why: string) => [...list, why.length], [1, 3, 2]],
    ] as const) {
      const { result, connected, advance } = await broken(recover)
      const second = await connected()
      act(() => second.send({ id: '8', data: 2 }))
      await advance(20)
      expect(result.current).toEqual(state)
    }
  })

  it('a reset starts from initial, unless recover says what it is then', async () => {
    for (const [recover, state] of [
      [undefined, [2]],
      [() => [5], [5, 2]],
    ] as const) {
      const { result, connected, advance, transport } = await broken(recover && (() => [...recover()]))
      const attempt = await act(() => transport.attempted())
      act(() => attempt.respond(410))
      const fresh = await connected()
      act(() => fresh.send({ id: '1', data: 2 }))
      await advance(20)
      expect(result.current).toEqual(state)
    }
  })
})
