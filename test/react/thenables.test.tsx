import { act, renderHook } from '@testing-library/react'
import { useSSE, useSSEReducer } from 'eventwire'
import { expect, it } from 'vitest'
import { reactHarness } from './setup.js'

it('a reducer that gives a promise says so, and its state stays', async () => {
  const { wrapper, connected, uncaught } = reactHarness()
  // A seam: the types refuse it.
  const reduce = (async (count: number) => count + 1) as unknown as (count: number) => number
  const { result } = renderHook(() => useSSEReducer('/events', reduce, 7), { wrapper })
  const stream = await connected()
  act(() => stream.send({ data: 1 }))
  expect(result.current).toBe(7)
  expect(String(uncaught[0])).toMatch(/the reducer gave a promise/)
})

it('select and isEqual say so too, and are taken for no answer', async () => {
  const { wrapper, connected, uncaught } = reactHarness()
  // A seam: the types refuse it.
  const isEqual = (async () => true) as unknown as () => boolean
  const { result } = renderHook(
    () => ({
      selected: useSSE('/events', { select: async () => 5 }),
      compared: useSSE('/events', { select: ({ data }) => ({ data }), isEqual }),
    }),
    { wrapper },
  )
  const stream = await connected()
  act(() => stream.send({ data: 1 }))
  expect(result.current).toEqual({ selected: undefined, compared: { data: 1 } })
  const said = uncaught.map(String).join('\n')
  expect(said).toMatch(/select gave a promise/)
  expect(said).toMatch(/isEqual gave a promise/)
})

it('recover says so too, and the state stays', async () => {
  const { wrapper, connected, advance, uncaught } = reactHarness()
  // A seam: the types refuse it.
  const recover = (async () => 9) as unknown as () => number
  const { result } = renderHook(() => useSSEReducer('/events', (count: number) => count + 1, 0, { recover }), { wrapper })
  const stream = await connected()
  act(() => {
    stream.send({ data: 1 })
    stream.drop()
  })
  await advance(2_000)
  await connected()
  await advance(16)
  expect(result.current).toBe(1)
  expect(uncaught.map(String)).toEqual([expect.stringMatching(/recover gave a promise/)])
})
