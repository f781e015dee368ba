import { render, screen } from '@testing-library/react'
import { createMockSSE } from 'eventwire/testing'
import { Countdown } from './countdown'

// Vitest's or Jest's, which have this in common: in a suite of one runner it is written plainly.
declare const jest: typeof vi
const timers = typeof vi === 'undefined' ? jest : vi

beforeEach(() => void timers.useFakeTimers())
afterEach(() => void timers.useRealTimers())

test("counts down by its own timer, which is one time with the mock's", async () => {
  const sse = createMockSSE('/events', { advanceTimers: (ms) => timers.advanceTimersByTime(ms) })
  render(<Countdown />, { wrapper: sse.Provider })
  const stream = await sse.connected()
  expect(screen.getByText('open')).toBeVisible()
  stream.drop()
  expect(screen.getByText('again in 3 s')).toBeVisible()
  await sse.advance(1_000)
  expect(screen.getByText('again in 2 s')).toBeVisible()
  await sse.advance(2_000)
  await sse.connected()
  expect(screen.getByText('open')).toBeVisible()
})
