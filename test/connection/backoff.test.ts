import { describe, expect, it } from 'vitest'
import type { RetryOptions } from '../../src/options/retry.js'
import { backoff } from '../../src/connection/backoff.js'
import { retryAfter } from '../../src/connection/retry-after.js'
import { MAX_DELAY } from '../../src/protocol/clock.js'

const most = () => 1
const half = () => 0.5
const least = () => 0

/** @param server - the stream's `retry:`, `Retry-After` in ms, and whether it is polled */
function wait(options: RetryOptions, attempt: number, server: [number | null, number?, boolean?] = [null], random = most) {
  const [retryMs, floorMs = 0, polled = false] = server
  return backoff(options, attempt, { retryMs, floorMs, polled }, random)
}

describe('backoff', () => {
  it('doubles from one second to thirty', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 60].map((attempt) => wait({}, attempt))
    expect(waits).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('draws all of the wait by lot, a part, or none', () => {
    expect(wait({}, 1, [null], least)).toBe(0)
    expect(wait({}, 1, [null], half)).toBe(500)
    expect(wait({ jitter: 0.5 }, 1, [null], least)).toBe(500)
    expect(wait({ jitter: false }, 1, [null], least)).toBe(1_000)
  })

  it("takes the server's reconnection time as the base, even past the maximum", () => {
    expect(wait({}, 1, [3_000])).toBe(3_000)
    expect(wait({}, 2, [3_000])).toBe(6_000)
    expect(wait({}, 5, [60_000])).toBe(60_000)
  })

  it('a polled server is asked when it says', () => {
    expect(wait({}, 0, [2_000, 0, true], least)).toBe(2_000)
    expect(wait({}, 0, [0, 0, true], most)).toBe(0)
  })

  it('retry: 0 is at once, but no storm: what fails again waits, however often', () => {
    expect(wait({}, 1, [0])).toBe(0)
    expect(wait({}, 2, [0])).toBe(200)
    expect(wait({}, 3, [0])).toBe(400)
    expect(wait({}, 2_000, [0])).toBe(30_000)
    expect(wait({ baseMs: 0 }, 2_000)).toBe(0)
  })

  it('never comes before Retry-After', () => {
    expect(wait({}, 1, [null, 120_000])).toBe(120_000)
    expect(wait({}, 6, [null, 5_000])).toBe(30_000)
  })

  it("of a server's word at most an hour counts, or what the caller named", () => {
    expect(wait({}, 1, [99_999_999_999])).toBe(3_600_000)
    expect(wait({}, 1, [null, 31_536_000_000])).toBe(3_600_000)
    expect(wait({}, 0, [99_999_999_999, 0, true])).toBe(3_600_000)
    expect(wait({ maxMs: 60_000 }, 1, [99_999_999_999])).toBe(60_000)
    expect(wait({ maxMs: 60_000 }, 1, [null, 31_536_000_000])).toBe(60_000)
    expect(wait({ maxMs: 7_200_000 }, 1, [null, 31_536_000_000])).toBe(7_200_000)
  })

  it('never passes what timers can keep', () => {
    expect(wait({ maxMs: Infinity }, 1, [Number.MAX_SAFE_INTEGER])).toBe(MAX_DELAY)
    expect(wait({ maxMs: Infinity }, 1, [null, Infinity])).toBe(MAX_DELAY)
    expect(wait({ maxMs: Infinity }, 5_000)).toBe(MAX_DELAY)
  })

  it.each<[string, object, number]>([
    ['baseMs', { baseMs: 'x' }, 1_000],
    ['baseMs', { baseMs: -5 }, 1_000],
    ['baseMs', { baseMs: NaN }, 1_000],
    ['maxMs', { maxMs: NaN, baseMs: 50_000 }, 50_000],
    ['factor', { factor: 0 }, 1_000],
    ['factor', { factor: '3' }, 1_000],
    ['jitter', { jitter: 'none' }, 1_000],
    ['jitter', { jitter: 7 }, 1_000],
    ['jitter', { jitter: NaN }, 1_000],
  ])('what is no number for %s is the default: %j', (_, options, ms) => {
    expect(wait(options, 1)).toBe(ms)
    expect(wait(options, 1, [null], least)).toBeGreaterThanOrEqual(0)
  })
})

describe('retryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const at = (value: string, date?: string) =>
    retryAfter(new Headers({ 'Retry-After': value, ...(date && { Date: date }) }), now)

  it('reads seconds and dates, of a list the first', () => {
    expect(at('120')).toBe(120_000)
    expect(at(' 120 , 240')).toBe(120_000)
    expect(at('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000)
    expect(at('Thu, 01 Jan 2026 00:00:30 GMT, 9')).toBe(30_000)
  })

  it("reckons a date from the answer's own: the client's clock may be hours off", () => {
    expect(at('Thu, 01 Jan 2026 02:00:30 GMT', 'Thu, 01 Jan 2026 02:00:00 GMT')).toBe(30_000)
    expect(at('Wed, 31 Dec 2025 20:00:30 GMT', 'Wed, 31 Dec 2025 20:00:00 GMT')).toBe(30_000)
    expect(at('Thu, 01 Jan 2026 00:00:30 GMT', 'whenever')).toBe(30_000)
  })

  it('is 0 for what is absent, past or unreadable', () => {
    expect(retryAfter(undefined, 0)).toBe(0)
    expect(retryAfter(new Headers(), 0)).toBe(0)
    const unreadable = ['Wed, 31 Dec 2025 23:59:59 GMT', 'soon', 'in 5000', '2026-06-01', '-5', '1.5', '', '1e9', '12s']
    expect(unreadable.map((value) => at(value))).toEqual(unreadable.map(() => 0))
  })
})
