import { act, renderHook } from '@testing-library/react'
import { SSEProvider, useSSE } from 'eventwire'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import { reactHarness } from './setup.js'

async function moved() {
  const all = reactHarness()
  const { result, rerender } = renderHook(({ url }) => useSSE(url, { keepPreviousData: true, history: 2 }), {
    wrapper: all.wrapper,
    initialProps: { url: '/a' },
  })
  const a = await all.connected()
  act(() => a.send({ data: 1 }))
  rerender({ url: '/b' })
  const b = await all.connected()
  expect(result.current).toMatchObject({ status: 'open', data: 1, history: [{ data: 1 }] })
  return { ...all, result, b }
}

const empty = { data: null, lastEvent: null, latest: {}, history: [] }

it('clear empties what is kept of the source before', async () => {
  const { result } = await moved()
  const { clear } = result.current
  act(() => clear())
  expect(result.current).toMatchObject(empty)
  expect(result.current.clear).toBe(clear)
})

it('over a time without a source too', async () => {
  const all = reactHarness()
  const initialProps: { url: string | null } = { url: '/a' }
  const { result, rerender } = renderHook(({ url }) => useSSE(url, { keepPreviousData: true }), {
    wrapper: all.wrapper,
    initialProps,
  })
  const a = await all.connected()
  act(() => a.send({ data: 1 }))
  rerender({ url: null })
  expect(result.current).toMatchObject({ status: 'idle', data: 1 })
  rerender({ url: '/b' })
  const b = await all.connected()
  expect(result.current).toMatchObject({ status: 'open', data: 1 })
  act(() => b.send({ data: 2 }))
  expect(result.current.data).toBe(2)
})

it('once the new source has had an event, nothing brings the old data back', async () => {
  const { result, b, advance, client } = await moved()
  act(() => b.send({ data: 2 }))
  await advance(16)
  expect(result.current).toMatchObject({ data: 2, history: [{ data: 2 }] })
  const other = client.subscribe('/b')
  act(() => other.clear())
  expect(result.current).toMatchObject(empty)
  other()
})

it('not over a logout', async () => {
  const all = reactHarness()
  const initialProps: { url: string | null } = { url: '/alice' }
  const { result, rerender } = renderHook(({ url }) => useSSE(url, { keepPreviousData: true }), {
    wrapper: all.wrapper,
    initialProps,
  })
  const alice = await all.connected()
  act(() => alice.send({ data: 1 }))
  rerender({ url: null })
  await all.advance(100)
  act(() => all.client.closeAll())
  rerender({ url: '/bob' })
  await all.connected()
  expect(result.current).toMatchObject(empty)
})

it('from no other client', async () => {
  const [one, two] = [reactHarness(), reactHarness()]
  let client = one.client
  const { result, rerender } = renderHook(({ url }) => useSSE(url, { keepPreviousData: true }), {
    wrapper: ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider>,
    initialProps: { url: '/a' },
  })
  const first = await one.connected()
  act(() => first.send({ data: 1 }))
  client = two.client
  rerender({ url: '/a' })
  expect(result.current).toMatchObject(empty)
  const second = await two.connected()
  act(() => second.send({ data: 22 }))
  rerender({ url: '/b' })
  expect(result.current.data).toBe(22)
})
