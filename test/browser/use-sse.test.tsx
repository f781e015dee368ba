import { render, screen, waitFor } from '@testing-library/react'
import { createSSEClient, SSEProvider, useSSE, useSSEEvent } from 'eventwire'
import { StrictMode, useState } from 'react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'

// React renders by itself here, as on a user's page.
beforeEach(() => void vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => void vi.unstubAllGlobals())

let serial = 0

function setup() {
  const key = `use-sse-${inject('react')}-${serial++}`
  const url = (query: string) => `${inject('origin')}/events?key=${key}&${query}`
  const stats = async () => (await fetch(`${inject('origin')}/stats?key=${key}`)).json()
  const client = createSSEClient()
  const wrapper = ({ children }: { children: ReactNode }) => <SSEProvider client={client}>{children}</SSEProvider>
  return { url, stats, client, wrapper }
}

test('a burst of 10,000 events over a real connection: every one to the listener, few renders', async () => {
  const { url, stats, wrapper } = setup()
  const seen: number[] = []
  let renders = 0
  const Panel = () => {
    renders++
    const { data, history } = useSSE<number>(url('count=10000'), { history: 5 })
    useSSEEvent<number>(url('count=10000'), 'message', (value) => seen.push(value))
    return <p>{`${String(data)} ${history.map((event) => event.seq).join()}`}</p>
  }
  const { unmount } = render(<Panel />, { wrapper })
  await screen.findByText('10000 9996,9997,9998,9999,10000')
  expect(seen).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1))
  expect(renders).toBeLessThan(200)
  unmount()
  await waitFor(async () => expect(await stats()).toEqual({ requests: 1, open: 0 }))
})

test('StrictMode, 20 mounts: one request for each of 20 streams, none left after', async () => {
  const { url, stats, wrapper } = setup()
  const Cell = ({ id }: { id: number }) => <i>{useSSE<number>(url(`count=1&end&id=${id}`), { retry: { attempts: 0 } }).data}</i>
  const { unmount } = render(
    <StrictMode>
      {Array.from({ length: 20 }, (_, id) => (
        <Cell key={id} id={id} />
      ))}
    </StrictMode>,
    { wrapper },
  )
  await waitFor(() => expect(screen.getAllByText('1')).toHaveLength(20))
  unmount()
  await waitFor(async () => expect(await stats()).toEqual({ requests: 20, open: 0 }))
})

test('ten components, one connection; a source switched takes the connection along', async () => {
  const { url, stats, client, wrapper } = setup()
  const Cell = ({ count }: { count: number }) => <i>{useSSE<number>(url(`count=${count}`)).data}</i>
  const App = () => {
    const [count, setCount] = useState(2)
    return (
      <>
        <button onClick={() => setCount(3)}>switch</button>
        {Array.from({ length: 10 }, (_, id) => (
          <Cell key={id} count={count} />
        ))}
      </>
    )
  }
  const { unmount } = render(<App />, { wrapper })
  await waitFor(() => expect(screen.getAllByText('2')).toHaveLength(10))
  expect(await stats()).toEqual({ requests: 1, open: 1 })
  screen.getByRole('button').click()
  await waitFor(() => expect(screen.getAllByText('3')).toHaveLength(10))
  await waitFor(async () => expect(await stats()).toEqual({ requests: 2, open: 1 }))
  expect(client.streams()).toHaveLength(1)
  unmount()
  await waitFor(async () => expect(await stats()).toEqual({ requests: 2, open: 0 }))
})

test('goes on after the last event when the server ends the stream, nothing twice', async () => {
  const { url, wrapper } = setup()
  const seen: number[] = []
  let count = 3
  const Panel = () => {
    useSSEEvent<number>(
      { url: () => url(`end&count=${count}`), retry: { baseMs: 1, maxMs: 1 } },
      'message',
      (value) => {
        seen.push(value)
        if (value === count && count < 12) count += 3
      },
    )
    return null
  }
  render(<Panel />, { wrapper })
  await waitFor(() => expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index + 1)))
})
