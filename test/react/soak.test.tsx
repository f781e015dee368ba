import { act, render } from '@testing-library/react'
import { SSEProvider, useSSE, useSSEEvent, useSSEReducer, useSSEStatus } from 'eventwire'
import { createVirtualPage } from 'eventwire/testing'
import { StrictMode } from 'react'
import { expect, it } from 'vitest'
import { harness } from '../client/harness.js'

it('2,000 mounts and unmounts leave no listener, timer, reader or connection', async () => {
  let listening = 0
  const page = createVirtualPage()
  const counted = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(page),
      subscribe: {
        value: (listener: Parameters<typeof page.subscribe>[0]) => {
          listening++
          const leave = page.subscribe(listener)
          return () => (listening--, leave())
        },
      },
    },
  ) as typeof page
  const { client, clock, transport } = harness({ page: counted })
  function Reader({ url }: { url: string }) {
    const { status } = useSSE(url, { history: 2 })
    useSSEEvent(url, 'message', () => {})
    const sum = useSSEReducer(url, (count: number) => count + 1, 0)
    useSSEStatus(url)
    return <p>{`${status} ${sum}`}</p>
  }
  for (let turn = 0; turn < 2_000; turn++) {
    const { unmount } = render(
      <StrictMode>
        <SSEProvider client={client}>
          <Reader url={`/events/${turn % 7}`} />
        </SSEProvider>
      </StrictMode>,
    )
    if (turn % 10 === 0) {
      const stream = await act(() => transport.connected())
      act(() => stream.send({ id: `${turn}`, data: turn }))
    }
    unmount()
    if (turn % 100 === 0) await act(() => clock.advance(1_000))
  }
  await act(() => clock.advance(60_000))
  expect(client.streams()).toEqual([])
  expect([clock.pending, listening]).toEqual([0, 0])
  expect(transport.connections.filter(({ state }) => state !== 'closed')).toEqual([])
  expect(transport.connections.length).toBeGreaterThanOrEqual(200)
}, 60_000)
