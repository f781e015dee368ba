import { act, renderHook } from '@testing-library/react'
import { SSEProvider, useSSE, useSSEStatus } from 'eventwire'
import type { StreamStatus } from 'eventwire'
import { createVirtualPage } from 'eventwire/testing'
import type { ReactNode } from 'react'
import { StrictMode } from 'react'
import { expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

function setup() {
  const page = createVirtualPage()
  const all = harness({ page, retry: { jitter: false } })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <SSEProvider client={all.client}>{children}</SSEProvider>
    </StrictMode>
  )
  return {
    page,
    ...all,
    wrapper,
    advance: (ms: number) => act(() => all.clock.advance(ms)),
    connected: () => act(() => all.transport.connected()),
    attempted: () => act(() => all.transport.attempted()),
  }
}

it('is about all streams that someone reads: trouble shows after the grace, good news at once', async () => {
  const { wrapper, advance, connected, clock } = setup()
  const seen: StreamStatus[] = []
  const { unmount } = renderHook(
    () => {
      useSSE('/a')
      useSSE('/b')
      const status = useSSEStatus({ graceMs: 1_500 })
      if (seen.at(-1) !== status) seen.push(status)
    },
    { wrapper },
  )
  const [a] = [await connected(), await connected()]
  expect(seen.at(-1)).toEqual({ status: 'open', reason: null, retryAt: null, streams: 2 })
  act(() => a.drop())
  await advance(900)
  // It heals by itself meanwhile: nobody was alarmed.
  await advance(100)
  await connected()
  await advance(5_000)
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['idle', 'connecting', 'open']))
  unmount()
  await advance(0)
  expect(clock.pending).toBe(0)
})

it('says why: the server, credentials, or no network', async () => {
  const { wrapper, advance, connected, attempted, page } = setup()
  const { result } = renderHook(() => (useSSE('/a'), useSSEStatus({ graceMs: 100 })), { wrapper })
  const stream = await connected()
  act(() => stream.drop())
  await advance(100)
  expect(result.current).toMatchObject({ status: 'reconnecting', reason: 'server', retryAt: 1_000 })
  act(() => page.goOnline(false))
  expect(result.current).toMatchObject({ status: 'paused', reason: 'offline', retryAt: null })
  act(() => page.goOnline(true))
  const again = await attempted()
  act(() => again.respond(403))
  await advance(100)
  expect(result.current).toMatchObject({ status: 'failed', reason: 'auth', streams: 1 })
})

it('with a source it is about that one; one that is not there yet is idle, never all', async () => {
  const { wrapper, connected, advance, transport } = setup()
  const initialProps: { source: string | null | undefined } = { source: null }
  const { result, rerender } = renderHook(
    ({ source }: typeof initialProps) => {
      useSSE('/a')
      return useSSEStatus(source, { graceMs: 0 })
    },
    { wrapper, initialProps },
  )
  const a = await connected()
  expect(result.current).toEqual({ status: 'idle', reason: null, retryAt: null, streams: 0 })
  rerender({ source: undefined })
  expect(result.current.status).toBe('idle')
  rerender({ source: '/a' })
  await advance(20)
  expect(result.current).toMatchObject({ status: 'open', streams: 1 })
  expect(transport.connections).toHaveLength(1)
  rerender({ source: '/b' })
  const b = await connected()
  act(() => a.drop())
  await advance(20)
  expect(result.current).toMatchObject({ status: 'open', reason: null })
  act(() => b.respond(204))
})

it('those that were closed as meant do not count', async () => {
  const { wrapper, connected, advance } = setup()
  const { result } = renderHook(() => ({ a: useSSE('/a'), b: useSSE('/b'), all: useSSEStatus({ graceMs: 0 }) }), { wrapper })
  await connected()
  await connected()
  act(() => result.current.a.close())
  await advance(20)
  expect(result.current.all).toMatchObject({ status: 'open', streams: 1 })
  act(() => result.current.b.close())
  await advance(20)
  expect(result.current.all).toMatchObject({ status: 'idle', streams: 0 })
})

it('refuses an option that it does not have, by name', () => {
  const { wrapper } = setup()
  vi.spyOn(console, 'error').mockReturnValue()
  const misspelt: object = { grace: 100 }
  expect(() => renderHook(() => useSSEStatus('/a', misspelt), { wrapper })).toThrow("useSSEStatus takes graceMs alone, not 'grace'")
  expect(() => renderHook(() => useSSEStatus(misspelt), { wrapper })).toThrow("useSSEStatus takes graceMs alone, not 'grace'")
})
