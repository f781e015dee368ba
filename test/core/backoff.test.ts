import { describe, expect, it } from 'vitest'
import { backoff, retryAfter } from '../../src/core/backoff.js'
import { MAX_DELAY } from '../../src/protocol/clock.js'

const most = () => 1
const half = () => 0.5
const least = () => 0

describe('backoff', () => {
  it('doubles from one second to thirty', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 60].map((streak) => backoff({}, streak, null, 0, most))
    expect(waits).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('draws all of the wait by lot, a part, or none', () => {
    expect(backoff({}, 1, null, 0, least)).toBe(0)
    expect(backoff({}, 1, null, 0, half)).toBe(500)
    expect(backoff({ jitter: 0.5 }, 1, null, 0, least)).toBe(500)
    expect(backoff({ jitter: false }, 1, null, 0, least)).toBe(1_000)
  })

  it("takes the server's reconnection time as the base, even past the maximum", () => {
    expect(backoff({}, 1, 3_000, 0, most)).toBe(3_000)
    expect(backoff({}, 2, 3_000, 0, most)).toBe(6_000)
    expect(backoff({}, 5, 60_000, 0, most)).toBe(60_000)
  })

  it('retry: 0 is at once, but no storm: what fails again waits, however often', () => {
    expect(backoff({}, 1, 0, 0, most)).toBe(0)
    expect(backoff({}, 2, 0, 0, most)).toBe(200)
    expect(backoff({}, 3, 0, 0, most)).toBe(400)
    expect(backoff({}, 2_000, 0, 0, most)).toBe(30_000)
    expect(backoff({ baseMs: 0 }, 2_000, null, 0, most)).toBe(0)
  })

  it('never comes before Retry-After', () => {
    expect(backoff({}, 1, null, 120_000, most)).toBe(120_000)
    expect(backoff({}, 6, null, 5_000, most)).toBe(30_000)
  })

  it('never passes what timers can keep', () => {
    expect(backoff({}, 1, Number.MAX_SAFE_INTEGER, 0, most)).toBe(MAX_DELAY)
    expect(backoff({}, 1, null, Infinity, most)).toBe(MAX_DELAY)
    expect(backoff({ maxMs: Infinity }, 5_000, null, 0, most)).toBe(MAX_DELAY)
  })
})

describe('retryAfter', () => {
  const at = (value: string) => retryAfter(new Headers({ 'Retry-After': value }), Date.parse('2026-01-01T00:00:00Z'))

  it('reads seconds and dates', () => {
    expect(at('120')).toBe(120_000)
    expect(at('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000)
  })

  it('is 0 for what is absent, past or unreadable', () => {
    expect(retryAfter(undefined, 0)).toBe(0)
    expect(retryAfter(new Headers(), 0)).toBe(0)
    expect(at('Wed, 31 Dec 2025 23:59:59 GMT')).toBe(0)
    expect(at('soon')).toBe(0)
  })
})
