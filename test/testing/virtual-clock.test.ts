import { createVirtualClock } from 'eventwire/testing'
import { expect, it } from 'vitest'

it('runs frames without moving time; what they ask for waits for the next', () => {
  const clock = createVirtualClock({ now: 5 })
  const seen: string[] = []
  const cancelled = clock.requestFrame?.(() => seen.push('cancelled'))
  clock.requestFrame?.(() => {
    seen.push('first')
    clock.cancelFrame(cancelled)
    clock.requestFrame?.(() => seen.push('next'))
  })
  clock.setTimeout(() => seen.push('timer'), 0)
  const late = clock.requestFrame?.(() => seen.push('second'))
  clock.cancelFrame(cancelled)
  clock.runFrames()
  expect([seen, clock.now(), clock.pending]).toEqual([['first', 'second'], 5, 2])
  clock.cancelFrame(late)
  clock.advanceSync(20)
  expect(seen).toEqual(['first', 'second', 'timer', 'next'])
})

it('tells when it has something to do next', () => {
  const clock = createVirtualClock({ now: 0 })
  expect(clock.nextAt).toBeNull()
  clock.setTimeout(() => {}, 500)
  clock.requestFrame?.(() => {})
  expect(clock.nextAt).toBe(16)
  clock.runFrames()
  expect(clock.nextAt).toBe(500)
})
