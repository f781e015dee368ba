import { render, screen } from '@testing-library/react'
import { createMockSSE } from 'eventwire/testing'
import { Dashboard } from './dashboard'

test('shows what the server sends, and comes back when the connection breaks', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  stream.send({ type: 'metrics', data: { cpu: 42 } })
  expect(screen.getByText('42%')).toBeVisible()
  stream.drop()
  await sse.advance(30_000)
  expect(sse.connections).toHaveLength(2)
})

test('two components, one connection', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  stream.send({ type: 'alert', data: { title: 'Disk is full' } })
  stream.send({ type: 'alert', data: { title: 'Disk is on fire' } })
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Disk is full', 'Disk is on fire'])
  expect(sse.connections).toHaveLength(1)
})

test('keeps the last five readings', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  for (const cpu of [1, 2, 3, 4, 5, 6]) stream.send({ type: 'metrics', data: { cpu } })
  expect(screen.getByLabelText('last readings')).toHaveTextContent('2, 3, 4, 5, 6')
})

test('says how the connection is', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const status = screen.getByRole('status')
  expect(status).toHaveTextContent('connecting')
  const stream = await sse.connected()
  expect(status).toHaveTextContent('open')
  stream.drop()
  expect(status).toHaveTextContent('reconnecting, attempt 1')
  // The first wait is a second, of which the mock clock's lot draws half.
  await sse.advance(499)
  expect(sse.connections).toHaveLength(1)
  await sse.advance(1)
  const second = await sse.attempted()
  second.respond(503, { 'Retry-After': '60' })
  expect(status).toHaveTextContent('reconnecting, attempt 2')
  await sse.advance(60_000)
  const third = await sse.attempted()
  third.respond(204)
  expect(status).toHaveTextContent('closed')
})

test('resumes where it was', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  stream.send({ type: 'metrics', id: '7', data: { cpu: 42 } })
  stream.drop()
  sse.expectCursor('7')
  await sse.advance(30_000)
  const again = await sse.connected()
  expect(again.request.lastEventId).toBe('7')
  expect(screen.getByText('42%')).toBeVisible()
})

test('an event that arrives in pieces', async () => {
  const sse = createMockSSE('/events')
  render(<Dashboard />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  for (const piece of ['event: met', 'rics\r', '\nda', 'ta: {"cpu"', ':7}\r\n', '\r\n']) stream.sendBytes(piece)
  expect(screen.getByText('7%')).toBeVisible()
})
