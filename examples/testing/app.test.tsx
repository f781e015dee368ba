import { render, screen } from '@testing-library/react'
import { createMockSSE } from 'eventwire/testing'
import { App } from './app'

test("the whole app, as it ships: its client and its transport are the mock's", async () => {
  const sse = createMockSSE('https://api.example.com/v1/events')
  render(<App />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  expect(stream.request.url).toBe('https://api.example.com/v1/events')
  stream.send({ type: 'metrics', data: { cpu: 42 } })
  expect(screen.getByText('42%')).toBeVisible()
})
