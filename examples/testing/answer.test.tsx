import { fireEvent, render, screen } from '@testing-library/react'
import { createMockSSE } from 'eventwire/testing'
import { Answer } from './answer'

function ask(question: string) {
  fireEvent.change(screen.getByLabelText('Question'), { target: { value: question } })
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }))
}

test('asks with a token, and writes the answer as it comes', async () => {
  const sse = createMockSSE('/answer')
  render(<Answer token={async () => 'secret'} />, { wrapper: sse.Provider })
  expect(sse.connections).toHaveLength(0)
  ask('Why?')
  const { request, send, end } = await sse.connected()
  expect(request.method).toBe('POST')
  expect(request.body).toBe('{"question":"Why?"}')
  expect(request.headers['authorization']).toBe('Bearer secret')
  for (const text of ['Be', 'cause', '.']) send({ data: { text } })
  expect(screen.getByTestId('answer')).toHaveTextContent('Because.')
  expect(screen.getByRole('status')).toHaveTextContent('writing…')
  end()
  expect(screen.getByRole('status')).toHaveTextContent('done')
})

test('lets the old question go when another is asked', async () => {
  const sse = createMockSSE('/answer')
  render(<Answer token={async () => 'secret'} />, { wrapper: sse.Provider })
  ask('Why?')
  const first = await sse.connected()
  ask('How?')
  const second = await sse.connected()
  expect(first.state).toBe('closed')
  expect(second.request.body).toBe('{"question":"How?"}')
})

test('says what the server says', async () => {
  const sse = createMockSSE('/answer')
  render(<Answer token={async () => 'secret'} />, { wrapper: sse.Provider })
  ask('Why?')
  const attempt = await sse.attempted()
  attempt.respond(429)
  expect(screen.getByRole('status')).toHaveTextContent('The server answered 429')
})
