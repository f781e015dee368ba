import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState, version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, inject, test } from 'vitest'
import { here } from './engine.js'

function Counter() {
  const [count, setCount] = useState(0)
  return <button onClick={() => setCount(count + 1)}>{count}</button>
}

test('React is the one that the project names, in React DOM and Testing Library too', async () => {
  expect(version.split('.')[0]).toBe(inject('react'))
  expect(domVersion).toBe(version)
  render(<Counter />)
  await userEvent.click(screen.getByRole('button'))
  expect(screen.getByRole('button')).toHaveTextContent('1')
})

test('the browser is real: it lays out, and speaks EventSource to a server on another origin', async () => {
  render(<div data-testid="box" style={{ width: 123 }} />)
  expect(screen.getByTestId('box').getBoundingClientRect().width).toBe(123)
  const name = { chromium: /Chrome\/\d/, firefox: /Firefox\/\d/, webkit: /AppleWebKit.* Version\/\d/ }
  expect(navigator.userAgent).toMatch(here(name))

  const source = new EventSource(`${inject('origin')}/events?count=3`)
  const seen: string[] = []
  await new Promise<void>((resolve, reject) => {
    source.onmessage = (event) => {
      seen.push(`${event.lastEventId}:${event.data}`)
      if (seen.length === 3) resolve()
    }
    source.onerror = () => reject(new Error('The stream broke.'))
  }).finally(() => source.close())
  expect(seen).toEqual(['1:1', '2:2', '3:3'])
})

test('Testing Library cleaned up after the tests before', () => {
  expect(document.querySelector('button, [data-testid]')).toBeNull()
})
