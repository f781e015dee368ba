import { act, screen } from '@testing-library/react'
import { SSEProvider, useSSE, useSSEEvent } from 'eventwire'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

afterEach(() => void vi.restoreAllMocks())

const Panel = () => {
  useSSEEvent('/events', 'message', () => {})
  const { status, data, history } = useSSE('/events', { history: 3 })
  return <p>{`${status} ${String(data)} ${history.length}`}</p>
}

it('renders on a server without connecting, and hydrates without a mismatch', async () => {
  const { client, clock, transport } = harness()
  const page = (
    <SSEProvider client={client}>
      <Panel />
    </SSEProvider>
  )
  const html = renderToString(page)
  await clock.advance(1_000)
  expect(html).toBe('<p>idle null 0</p>')
  expect(transport.connections).toHaveLength(0)
  expect(client.streams()).toEqual([])

  const error = vi.spyOn(console, 'error').mockReturnValue()
  const onRecoverableError = vi.fn()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = html
  const root = await act(() => Promise.resolve(hydrateRoot(container, page, { onRecoverableError })))
  const stream = await act(() => transport.connected())
  act(() => stream.send({ data: 7 }))
  expect(screen.getByText('open 7 1')).toBeDefined()
  expect(transport.connections).toHaveLength(1)
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(error).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
  await clock.advance(0)
  expect(clock.pending).toBe(0)
})

it('hydrates beside a stream that is already open', async () => {
  const { client, clock, transport } = harness()
  const early = client.subscribe('/events', { history: 3 })
  ;(await transport.connected()).send({ data: 1 })
  const page = (
    <SSEProvider client={client}>
      <Panel />
    </SSEProvider>
  )
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = '<p>idle null 0</p>'
  const root = await act(() => Promise.resolve(hydrateRoot(container, page)))
  await act(() => clock.advance(16))
  expect(container.textContent).toBe('open 1 1')
  expect(error).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
  early()
  await clock.advance(0)
  expect(transport.connections).toHaveLength(1)
})
