import { act, cleanup, render, screen } from '@testing-library/react'
import { SSEProvider, useSSE, useSSEReducer } from 'eventwire'
import type { SourceOptions } from 'eventwire/core'
import { createVirtualPage } from 'eventwire/testing'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'
import { webStorage } from '../stream/storages.js'

afterEach(cleanup)

/** One load of the page: its client, and what it shows. */
function load(tree: React.ReactNode, Mode: typeof StrictMode | 'div' = 'div') {
  const page = createVirtualPage()
  const parts = harness({ page })
  const element = (
    <Mode>
      <SSEProvider client={parts.client}>{tree}</SSEProvider>
    </Mode>
  )
  const view = render(element)
  return {
    ...parts,
    page,
    view,
    connected: () => act(() => parts.transport.connected()),
    attempted: () => act(() => parts.transport.attempted()),
    /** As a browser ends a page. */
    async leave() {
      act(() => page.leave())
      view.unmount()
      await parts.clock.advance(0)
    },
  }
}

type Options = Partial<SourceOptions>

function Sum({ source, name = 'sum', onReset }: { source: SourceOptions; name?: string; onReset?: Options['onReset'] }) {
  const sum = useSSEReducer(source, (total: number, { data }) => total + Number(data), 0, { persistAs: name, onReset })
  return <output>{sum}</output>
}

describe.each([['div'], [StrictMode]] as const)('a reducer that is kept, in %s', (Mode) => {
  it('goes on where it was, and counts nothing twice', async () => {
    const source = { url: '/events', persist: { key: 'orders', storage: webStorage() } }
    const before = load(<Sum source={source} />, Mode)
    const stream = await before.connected()
    act(() => [1, 2, 3].forEach((data) => stream.send({ id: `${data}`, data })))
    await act(() => before.clock.advance(16))
    expect(screen.getByRole('status').textContent).toBe('6')
    await before.leave()
    const onReset = vi.fn()
    const after = load(<Sum source={source} onReset={onReset} />, Mode)
    expect(screen.getByRole('status').textContent).toBe('6')
    const again = await after.attempted()
    expect(again.request.lastEventId).toBe('3')
    act(() => again.send({ id: '4', data: 4 }))
    await act(() => after.clock.advance(16))
    expect(screen.getByRole('status').textContent).toBe('10')
    expect(onReset).not.toHaveBeenCalled()
    expect(after.transport.connections).toHaveLength(1)
  })

  it('that nobody kept begins anew, and says so: the stream goes on from the cursor', async () => {
    const source = { url: '/events', persist: { key: 'orders', storage: webStorage() } }
    const before = load(<Sum source={source} />, Mode)
    const stream = await before.connected()
    act(() => stream.send({ id: '1', data: 1 }))
    await before.leave()
    const onReset = vi.fn()
    const after = load(<Sum source={source} name="another" onReset={onReset} />, Mode)
    expect((await after.attempted()).request.lastEventId).toBe('1')
    expect(screen.getByRole('status').textContent).toBe('0')
    expect(onReset.mock.calls).toEqual([[{ reason: 'storage' }]])
  })

  it('begins anew when the cursor is too old', async () => {
    const source = { url: '/events', persist: { key: 'orders', storage: webStorage() } }
    const before = load(<Sum source={source} />, Mode)
    const stream = await before.connected()
    act(() => stream.send({ id: '1', data: 1 }))
    await before.leave()
    const after = load(<Sum source={source} />, Mode)
    const refused = await after.attempted()
    act(() => refused.respond(410))
    await act(() => after.clock.advance(16))
    expect(screen.getByRole('status').textContent).toBe('0')
  })
})

it('a state that the stream went on without is dropped: its hook had left', async () => {
  const source = { url: '/events', persist: { key: 'orders', storage: webStorage() } }
  const onReset = vi.fn()
  const Status = () => <p>{useSSE(source).status}</p>
  const Page = ({ sums }: { sums: boolean }) => (
    <>
      <Status />
      {sums && <Sum source={source} onReset={onReset} />}
    </>
  )
  const { clock, client, connected, view } = load(<Page sums />)
  const show = (sums: boolean) =>
    view.rerender(
      <div>
        <SSEProvider client={client}>
          <Page sums={sums} />
        </SSEProvider>
      </div>,
    )
  const stream = await connected()
  act(() => stream.send({ id: '1', data: 1 }))
  show(false)
  show(true)
  await act(() => clock.advance(16))
  expect(screen.getByRole('status').textContent).toBe('1')
  expect(onReset).not.toHaveBeenCalled()
  show(false)
  act(() => stream.send({ id: '2', data: 2 }))
  show(true)
  await act(() => clock.advance(16))
  expect(screen.getByRole('status').textContent).toBe('0')
  expect(onReset.mock.calls).toEqual([[{ reason: 'storage' }]])
})

it('a logout forgets the state, in memory and in the storage', async () => {
  const storage = webStorage()
  const source = { url: '/events', persist: { key: 'orders', storage } }
  const { clock, client, page, connected } = load(<Sum source={source} />)
  const stream = await connected()
  act(() => stream.send({ id: '1', data: 1 }))
  await act(() => clock.advance(1_000))
  expect(storage.records.size).toBe(2)
  act(() => client.closeAll())
  act(() => page.leave())
  await act(() => clock.advance(5_000))
  expect([storage.records.size, screen.getByRole('status').textContent]).toEqual([0, '0'])
})

it('two reducers of one stream under one name are a mistake that is told', () => {
  const source = { url: '/events', persist: { key: 'orders', storage: webStorage() } }
  const { uncaught } = load(
    <>
      <Sum source={source} />
      <Sum source={source} />
    </>,
  )
  expect(uncaught.map(String)).toEqual([expect.stringMatching(/two reducers named 'sum'/)])
})

it('what is kept is shown after hydration, never in the first render', async () => {
  const source = { url: '/events', history: 2, persist: { key: 'orders', storage: webStorage() } }
  const shown: (string | null)[] = []
  function Data() {
    const { data, history } = useSSE(source)
    shown.push(`${String(data)} ${history.length}`)
    return <p>{String(data)}</p>
  }
  const before = load(<Data />)
  const stream = await before.connected()
  act(() => stream.send({ id: '1', data: 1 }))
  await before.leave()
  const { client } = harness()
  const tree = (
    <SSEProvider client={client}>
      <Data />
    </SSEProvider>
  )
  const container = document.createElement('div')
  container.innerHTML = renderToString(tree)
  expect(container.textContent).toBe('null')
  shown.length = 0
  const errors: unknown[] = []
  const root = await act(async () => hydrateRoot(container, tree, { onRecoverableError: (error) => errors.push(error) }))
  expect([shown[0], container.textContent, errors]).toEqual(['null 0', '1', []])
  act(() => root.unmount())
})
