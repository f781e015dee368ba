import { act, render } from '@testing-library/react'
import { SSEProvider, useSSE } from 'eventwire'
import { Activity } from 'react'
import { expect, it } from 'vitest'
import { harness } from '../client/harness.js'

it('a hidden Activity lets the connection go, and brings cursor and data back', async () => {
  const { client, clock, transport } = harness()
  const Panel = () => {
    const { status, data } = useSSE('/events')
    return <p>{`${status} ${String(data)}`}</p>
  }
  const page = (mode: 'visible' | 'hidden') => (
    <SSEProvider client={client}>
      <Activity mode={mode}>
        <Panel />
      </Activity>
    </SSEProvider>
  )
  const { rerender, container } = render(page('visible'))
  const first = await act(() => transport.connected())
  act(() => first.send({ id: '7', data: 1 }))
  expect(container.textContent).toBe('open 1')
  rerender(page('hidden'))
  await act(() => clock.advance(100))
  expect(first.state).toBe('closed')
  expect(client.streams()).toEqual([])
  expect(clock.pending).toBe(0)
  rerender(page('visible'))
  const second = await act(() => transport.connected())
  expect(second.request.lastEventId).toBe('7')
  expect(container.textContent).toBe('open 1')
  expect(client.streams()).toHaveLength(1)
})

it('a newer stream of the same identity is joined instead', async () => {
  const { client, clock, transport } = harness()
  const Panel = () => <p>{String(useSSE('/events').data)}</p>
  const page = (mode: 'visible' | 'hidden') => (
    <SSEProvider client={client}>
      <Activity mode={mode}>
        <Panel />
      </Activity>
    </SSEProvider>
  )
  const { rerender, container } = render(page('visible'))
  const first = await act(() => transport.connected())
  act(() => first.send({ id: '7', data: 1 }))
  rerender(page('hidden'))
  await act(() => clock.advance(100))
  const other = client.subscribe('/events')
  const second = await act(() => transport.connected())
  act(() => second.send({ id: '1', data: 2 }))
  rerender(page('visible'))
  await act(() => clock.advance(100))
  expect(container.textContent).toBe('2')
  expect(transport.connections).toHaveLength(2)
  expect(client.streams()).toMatchObject([{ users: 2 }])
  other()
})
