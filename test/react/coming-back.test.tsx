import { act, renderHook } from '@testing-library/react'
import { useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { describe, expect, it, vi } from 'vitest'
import type { ReactHarness } from './setup.js'
import { reactHarness } from './setup.js'

describe('a source that goes to null and comes back', () => {
  it.each<[string, (close: () => void) => void | Promise<void>]>([
    ['was closed', (close) => act(close)],
    ['ran', () => {}],
  ])('connects again when it %s, from its cursor, and never says closed', async (_, before) => {
    const { wrapper, connected, advance, transport } = reactHarness()
    const statuses: string[] = []
    const { result, rerender } = renderHook(
      ({ enabled }) => {
        const snapshot = useSSE('/events', { enabled })
        statuses.push(snapshot.status)
        return snapshot
      },
      { wrapper, initialProps: { enabled: true } },
    )
    const stream = await connected()
    act(() => stream.send({ id: '7', data: 1 }))
    await before(result.current.close)
    rerender({ enabled: false })
    await advance(100)
    expect(transport.connections.map(({ state }) => state)).toEqual(['closed'])
    if (!statuses.includes('closed')) statuses.length = 0
    rerender({ enabled: true })
    expect((await connected()).request.lastEventId).toBe('7')
    expect(result.current).toMatchObject({ status: 'open', data: 1 })
  })

  it('a live stream never says closed', async () => {
    const { wrapper, connected, advance } = reactHarness()
    const ended = vi.fn()
    const { rerender } = renderHook(
      ({ enabled }) => {
        const { status } = useSSE('/events', { enabled })
        useEffect(() => {
          if (status === 'closed') ended()
        }, [status])
      },
      { wrapper, initialProps: { enabled: true } },
    )
    await connected()
    rerender({ enabled: false })
    await advance(100)
    rerender({ enabled: true })
    await connected()
    expect(ended).not.toHaveBeenCalled()
  })

  it('tries again what had failed', async () => {
    const { wrapper, connected, advance } = reactHarness()
    const { result, rerender } = renderHook(({ enabled }) => useSSE('/events', { enabled, retry: { attempts: 0 } }), {
      wrapper,
      initialProps: { enabled: true },
    })
    const stream = await connected()
    act(() => stream.drop())
    await advance(10)
    expect(result.current.status).toBe('failed')
    rerender({ enabled: false })
    await advance(100)
    rerender({ enabled: true })
    await connected()
    expect(result.current).toMatchObject({ status: 'open', error: null })
  })

  it('begins again what its until had ended', async () => {
    const { wrapper, connected, advance, transport } = reactHarness()
    const { result, rerender } = renderHook(({ run }) => useSSE(run ? '/job' : null, { until: ({ raw }) => raw === 'DONE' }), {
      wrapper,
      initialProps: { run: true },
    })
    const stream = await connected()
    act(() => stream.sendBytes('data: 1\n\ndata: DONE\n\n'))
    await advance(20)
    expect(result.current.status).toBe('closed')
    rerender({ run: false })
    await advance(20)
    rerender({ run: true })
    await connected()
    expect(result.current.status).toBe('open')
    expect(transport.connections).toHaveLength(2)
  })
})

describe('after closeAll', () => {
  const hook = () => {
    const all = reactHarness()
    const initialProps: { user: string | null } = { user: 'ann' }
    const { result, rerender } = renderHook(
      ({ user }) => ({
        events: useSSE<number>(user && '/events', { history: 5 }),
        sum: useSSEReducer<number, number>(user && '/events', (sum, { data }) => sum + data, 0),
      }),
      { wrapper: all.wrapper, initialProps },
    )
    return { ...all, result, rerender }
  }
  const nothing = { events: { data: null, history: [], lastEventId: '' }, sum: 0 }

  it('the next user sees nothing of the last one, whose cursor is not sent', async () => {
    const { client, connected, advance, result, rerender } = hook()
    const first = await connected()
    act(() => first.send({ id: 'ann-7', data: 777 }))
    await advance(20)
    expect(result.current).toMatchObject({ events: { data: 777 }, sum: 777 })
    rerender({ user: null })
    await advance(100)
    client.closeAll()
    rerender({ user: 'bob' })
    expect(result.current).toMatchObject(nothing)
    const second = await connected()
    expect(second.request.lastEventId).toBe('')
    expect(result.current).toMatchObject(nothing)
    act(() => second.send({ id: 'bob-1', data: 1 }))
    await advance(20)
    expect(result.current).toMatchObject({ events: { data: 1 }, sum: 1 })
  })

  it('while it reads: everything goes at once, and another user connects', async () => {
    const { client, connected, advance, result, rerender } = hook()
    const first = await connected()
    act(() => first.send({ id: 'ann-7', data: 777 }))
    await advance(20)
    act(() => client.closeAll())
    expect(result.current).toMatchObject({ ...nothing, events: { ...nothing.events, status: 'closed' } })
    rerender({ user: null })
    await advance(100)
    rerender({ user: 'bob' })
    expect((await connected()).request.lastEventId).toBe('')
    expect(result.current).toMatchObject({ events: { status: 'open', data: null }, sum: 0 })
  })

  it.each(['open', 'reconnect'] as const)('%s of one that stayed goes over to the newer stream', async (method) => {
    const { client, wrapper, connected, transport } = reactHarness()
    const { result } = renderHook(() => useSSE('/events'), { wrapper })
    await connected()
    act(() => client.closeAll())
    const late = renderHook(() => useSSE('/events'), { wrapper })
    const stream = await connected()
    expect([result.current.status, late.result.current.status]).toEqual(['closed', 'open'])
    act(() => result.current[method]())
    expect([result.current.status, late.result.current.status]).toEqual(['open', 'open'])
    expect(transport.connections).toHaveLength(2)
    act(() => stream.send({ data: 1 }))
    expect([result.current.data, late.result.current.data]).toEqual([1, 1])
    expect(client.streams()).toMatchObject([{ users: 2 }])
  })
})

it.each<[string, (all: ReactHarness) => { again(): void }]>([
  [
    'useSSE keeps more',
    ({ wrapper }) => {
      const initialProps = { history: 5 }
      const { rerender } = renderHook(({ history }) => useSSE('/events', { history }), { wrapper, initialProps })
      return { again: () => rerender({ history: 6 }) }
    },
  ],
  [
    'useSSEEvent hears other types',
    ({ wrapper }) => {
      const initialProps = { type: 'a' }
      const { rerender } = renderHook(({ type }) => useSSEEvent('/events', type, () => {}), { wrapper, initialProps })
      return { again: () => rerender({ type: 'b' }) }
    },
  ],
])('after closeAll nothing connects because %s', async (_, read) => {
  const all = reactHarness()
  const { again } = read(all)
  await all.connected()
  act(() => all.client.closeAll())
  again()
  await all.advance(100)
  expect(all.transport.connections.map(({ state }) => state)).toEqual(['closed'])
})

it('after closeAll and open a reducer takes each event once, whatever is switched', async () => {
  const { client, wrapper, connected, advance } = reactHarness()
  const initialProps: { from: 'history' | 'now' } = { from: 'history' }
  const { result, rerender } = renderHook(
    ({ from }) => ({
      open: useSSE('/events', { history: 20 }).open,
      list: useSSEReducer<number, string>('/events', (list, { data }) => list + data, '', { from }),
    }),
    { wrapper, initialProps },
  )
  ;(await connected()).send({ data: 1 })
  await advance(100)
  act(() => client.closeAll())
  act(() => result.current.open())
  const stream = await connected()
  act(() => stream.sendBytes('data: 2\n\ndata: 3\n\n'))
  await advance(100)
  expect(result.current.list).toBe('23')
  rerender({ from: 'now' })
  rerender({ from: 'history' })
  await advance(100)
  expect(result.current.list).toBe('23')
})

it('a source switched within a publish: its history stays taken', async () => {
  const { client, clock, transport, wrapper, advance } = reactHarness()
  let move: (url: string) => void = () => {}
  client.subscribe('/b', { history: 10 })
  ;(await transport.connected()).sendBytes('data: 8\n\ndata: 9\n\n')
  client.subscribe('/a', { onChange: ({ data }) => void (data === 1 && flushSync(() => move('/b'))) })
  const a = await transport.connected()
  const { result } = renderHook(
    () => {
      const [url, set] = useState('/a')
      move = set
      return useSSEReducer<number, string>(url, (list, { data }) => list + data, '', { from: 'history' })
    },
    { wrapper },
  )
  await advance(100)
  await act(async () => {
    a.send({ data: 1 })
    await clock.advance(100)
  })
  expect(result.current).toBe('89')
})

it('what arrives while a stream lingers is there for whoever comes back', async () => {
  const { wrapper, connected, advance } = reactHarness()
  const read = () => renderHook(() => useSSE('/events', { linger: 5_000, history: 5 }), { wrapper })
  const one = read()
  const stream = await connected()
  act(() => stream.send({ id: '1', data: 1 }))
  one.unmount()
  await advance(1_000)
  act(() => stream.send({ id: '2', data: 2 }))
  await advance(1_000)
  const two = read()
  expect(two.result.current).toMatchObject({ lastEventId: '2', data: 2, history: [{ data: 1 }, { data: 2 }] })
})

it('methods return nothing, so that an effect may end with one', async () => {
  const { wrapper } = reactHarness()
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const { result, unmount } = renderHook(
    () => {
      const snapshot = useSSE(null)
      const { close } = snapshot
      useEffect(() => close(), [close])
      return snapshot
    },
    { wrapper },
  )
  const { open, close, reconnect, clear } = result.current
  expect([open(), close(), reconnect(), clear()]).toEqual(Array(4).fill(undefined))
  unmount()
  expect(error).not.toHaveBeenCalled()
})
