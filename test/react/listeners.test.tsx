import { act, render, renderHook } from '@testing-library/react'
import { json, SSEProvider, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { useEffect } from 'react'
import { expect, it, vi } from 'vitest'
import { reactHarness } from './setup.js'

it('onMessage of the source object is called under useSSEEvent and useSSEReducer too, for every event', async () => {
  const { wrapper, connected } = reactHarness()
  const heard: string[] = []
  const note = (who: string) => (data: unknown) => heard.push(`${who} ${String(data)}`)
  renderHook(
    () => {
      useSSEEvent({ url: '/events', onMessage: note('source') }, 'a', note('listener'))
      useSSEReducer({ url: '/events', onMessage: note('reducer source') }, (sum, event) => sum + Number(event.data), 0, {
        key: 'other',
      })
    },
    { wrapper },
  )
  const [one, two] = [await connected(), await connected()]
  act(() => {
    one.send({ type: 'a', data: 1 })
    one.send({ type: 'b', data: 2 })
    two.send({ data: 3 })
  })
  expect(heard).toEqual(['source 1', 'listener 1', 'source 2', 'reducer source 3'])
})

it('a hook that is given onMessage later hears from then on, and misses nothing', async () => {
  const { wrapper, connected } = reactHarness()
  const heard: unknown[] = []
  const { rerender } = renderHook(
    ({ hears }) => useSSE('/events', hears ? { onMessage: (data) => heard.push(data) } : {}),
    { wrapper, initialProps: { hears: false } },
  )
  const stream = await connected()
  act(() => stream.send({ data: 1 }))
  rerender({ hears: true })
  act(() => {
    stream.send({ data: 2 })
    stream.send({ data: 3 })
  })
  expect(heard).toEqual([2, 3])
})

it("a child's mount effect may call its parent's close()", async () => {
  const { wrapper: Wrapper, advance, transport } = reactHarness()
  function Child({ close }: { close: () => void }) {
    useEffect(() => close(), [close])
    return null
  }
  function Parent() {
    const { close, status } = useSSE('/events')
    return (
      <p>
        {status}
        <Child close={close} />
      </p>
    )
  }
  const { container } = render(<Parent />, { wrapper: Wrapper })
  await advance(1_000)
  expect(container.textContent).toBe('closed')
  expect(transport.connections.filter(({ state }) => state !== 'closed')).toEqual([])
})

it('a decoder that was not called is refused in a provider, too', () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const { client } = reactHarness()
  const Reader = () => <p>{useSSE('/events').status}</p>
  expect(() =>
    render(
      <SSEProvider client={client} decode={json}>
        <Reader />
      </SSEProvider>,
    ),
  ).toThrow(/json itself: call it/)
  error.mockRestore()
})

it('an object of listeners hears each type with its own, newest closures all, over one connection and in order', async () => {
  const { wrapper, connected, transport, uncaught } = reactHarness()
  const heard: string[] = []
  const { rerender } = renderHook(
    ({ name, log }) =>
      useSSEEvent('/events', {
        alert: (data, event) => heard.push(`${name} ${event.type} ${String(data)}`),
        log: log ? (data) => heard.push(`log ${String(data)}`) : undefined,
        bad: () => {
          throw new Error('mine')
        },
      }),
    { wrapper, initialProps: { name: 'first', log: true } },
  )
  const stream = await connected()
  act(() => {
    stream.send({ type: 'alert', data: 1 })
    stream.send({ type: 'bad', data: 2 })
    stream.send({ type: 'log', data: 3 })
    stream.send({ type: 'toString', data: 4 })
    stream.send({ data: 5 })
  })
  rerender({ name: 'second', log: false })
  act(() => {
    stream.send({ type: 'log', data: 6 })
    stream.send({ type: 'alert', data: 7 })
  })
  expect(heard).toEqual(['first alert 1', 'log 3', 'second alert 7'])
  expect([transport.connections.length, uncaught.map(String)]).toEqual([1, ['Error: mine']])
})

it('an object of listeners takes options beside it, and refuses what is no listener by name', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const { wrapper, attempted } = (({ transport, ...all }) => ({ ...all, attempted: () => act(() => transport.attempted()) }))(reactHarness())
  renderHook(() => useSSEEvent('/events', { alert: () => {} }, { headers: { 'X-Tenant': 'a' } }), { wrapper })
  expect((await attempted()).request.headers).toMatchObject({ 'x-tenant': 'a' })
  expect(() => renderHook(() => useSSEEvent('/events', { alert: 5 as never }), { wrapper })).toThrow('listener must be a function, not 5')
})
