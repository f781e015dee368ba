// @vitest-environment jsdom
/** A dashboard's state is the server's own fold, after a resume, a gap and a reset alike. */
import type { ReactNode } from 'react'
import type { BoardServer } from './board/server.ts'
import type { Board, BoardEvent } from './board/board.ts'
import { cleanup, renderHook } from '@testing-library/react'
import { SSEProvider, useSSEReducer } from 'eventwire'
import { createSSEClient } from 'eventwire/core'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { board, EMPTY, fold } from './board/board.ts'
import { serve } from './board/server.ts'

afterEach(cleanup)

const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 10 })

/** The server, and what a component shows of it; and what it was told. */
async function show(kept: number, tooOld: 'refuse' | 'restate', recover?: (state: Board, why: 'gap' | 'reset') => Board) {
  const server = await serve({ port: 0, heartbeatMs: 1_000 }, kept, tooOld)
  onTestFinished(() => server.stop())
  await server.change({ name: 'before', value: 1 })
  const client = createSSEClient({ baseUrl: `http://127.0.0.1:${server.port}`, retry: { baseMs: 20, maxMs: 20 } })
  const told: string[] = []
  const source = {
    ...board,
    onResume: ({ gapPossible }: { gapPossible: boolean }) => told.push(gapPossible ? 'a gap' : 'no gap'),
    onReset: ({ reason }: { reason: string }) => told.push(`reset by ${reason}`),
  }
  const hook = renderHook(() => useSSEReducer(source, (state: Board, event: BoardEvent) => fold(state, event), EMPTY, { recover }), {
    wrapper: ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider>,
  })
  onTestFinished(() => hook.unmount())
  await soon(() => expect(hook.result.current).toEqual({ before: 1 }))
  return { server, told, shown: () => hook.result.current, client }
}

async function work(server: BoardServer, from: number, to: number) {
  for (let count = from; count <= to; count++) {
    await server.change({ name: `n${count % 7}`, value: count })
    if (count % 5 === 0) await server.change({ name: `n${(count + 1) % 7}`, value: null })
  }
}

describe('the state first, then what changes', () => {
  it('a resume brings what changed meanwhile, and no more', async () => {
    const { server, told, shown } = await show(500, 'refuse')
    await work(server, 1, 20)
    await soon(() => expect(shown()).toEqual(server.state))
    server.drop()
    await work(server, 21, 60)
    await soon(() => expect(shown()).toEqual(server.state))
    expect(told).toEqual(['no gap'])
  })

  it('with recover nothing stale is shown between a gap and the state anew', async () => {
    const asked: string[] = []
    const { server, shown } = await show(10, 'restate', (_, why) => {
      asked.push(why)
      return EMPTY
    })
    await work(server, 1, 5)
    await soon(() => expect(shown()).toEqual(server.state))
    server.drop()
    await work(server, 6, 60)
    await soon(() => expect(shown()).toEqual(server.state))
    expect(asked).toEqual(['gap'])
  })

  it.each([
    ['a gap that the server bridges by its state', 'restate', ['a gap']],
    ['a cursor that is too old: 410, and the state anew', 'refuse', ['reset by status', 'a gap']],
  ] as const)('%s', async (_, tooOld, says) => {
    const { server, told, shown, client } = await show(10, tooOld)
    await work(server, 1, 5)
    await soon(() => expect(shown()).toEqual(server.state))
    server.drop()
    // More than it keeps, before anyone is back.
    await work(server, 6, 60)
    await soon(() => expect(shown()).toEqual(server.state))
    expect(told.filter((word) => word !== 'no gap')).toEqual(says)
    await work(server, 61, 70)
    await soon(() => expect(shown()).toEqual(server.state))
    client.closeAll()
    await soon(() => expect(server.readers).toBe(0))
  })
})
