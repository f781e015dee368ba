import { act, render, screen } from '@testing-library/react'
import { defineSSE, json, useSSE, useSSEReducer } from 'eventwire'
import { createMockSSE } from 'eventwire/testing'
import { readFileSync } from 'node:fs'
import { useEffect, useState } from 'react'
import { afterEach, beforeEach, expect, it, test, vi } from 'vitest'

const orders = defineSSE({ url: '/orders', events: { placed: json<{ id: string }>() }, persist: { key: 'guide' } })

function Orders() {
  const { history } = useSSE(orders, { history: 50 })
  const open = useSSEReducer(orders, (count) => count + 1, 0, { persistAs: 'open' })
  return <p>{`${open} open, ${history.length} kept`}</p>
}

/** Seconds until the next attempt, by a timer of its own. */
function Countdown() {
  const { status, retryAt } = useSSE('/events', { retry: { jitter: false, baseMs: 10_000 } })
  const [now, look] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => look(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <p>{retryAt ? `back in ${Math.ceil((retryAt - now) / 1_000)} s` : status}</p>
}

beforeEach(() => sessionStorage.clear())
afterEach(() => vi.useRealTimers())

/* begin */
test('counts down to the next attempt', async () => {
  vi.useFakeTimers() // or jest.useFakeTimers()
  const sse = createMockSSE('/events', { advanceTimers: (ms) => vi.advanceTimersByTime(ms) })
  render(<Countdown />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  stream.drop()
  await sse.advance(4_000) // both: the mock's time and the component's timer
  expect(screen.getByText('back in 6 s')).toBeVisible()
  act(() => void vi.advanceTimersByTime(6_000)) // both, too
  await sse.connected()
})

test('a reload shows what was shown, and asks for what is missing', async () => {
  const before = createMockSSE('/orders')
  const page = render(<Orders />, { wrapper: before.Provider })
  const stream = await before.connected()
  stream.send({ id: '7', type: 'placed', data: { id: 'a' } })
  before.page.leave() // what is kept is written
  page.unmount()

  const after = createMockSSE('/orders') // another client, as after a reload
  render(<Orders />, { wrapper: after.Provider })
  const next = await after.connected()
  expect(screen.getByText('1 open, 1 kept')).toBeVisible()
  expect(next.request.lastEventId).toBe('7')
})
/* end */

it('is what the guide says', () => {
  const [, code = ''] = readFileSync('test/testing/guide.test.tsx', 'utf8').split(/^\/\* (?:begin|end) \*\/\n/m)
  const guide = readFileSync('docs/testing.md', 'utf8')
  const tests = code.split(/\n(?=test\()/).map((one) => one.trim())
  expect(tests).toHaveLength(2)
  for (const one of tests) expect(guide).toContain(`\`\`\`tsx\n${one}\n\`\`\``)
})
