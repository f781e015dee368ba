import type { RetryContext, RetryPolicy } from 'eventwire/core'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

// A seam: JavaScript does not see types.
const untyped = (retry: unknown) => retry as RetryPolicy

describe('a retry function is asked about everything', () => {
  it.each<[string, number, Record<string, string>]>([
    ['a 404', 404, {}],
    ['a page in the middle of a deploy', 200, { 'Content-Type': 'text/html' }],
    ['no content type', 200, {}],
    ['a 403', 403, {}],
  ])('%s: delayMs is false, and a number retries', async (_, status, headers) => {
    const { client, clock, transport } = harness()
    const asked: RetryContext[] = []
    const reader = client.subscribe('/events', { retry: (context) => (asked.push(context), context.delayMs === false ? 2_000 : false) })
    ;(await transport.attempted()).respond(status, headers)
    expect(asked).toMatchObject([{ attempt: 1, reason: 'error', delayMs: false, error: { status, retryable: false } }])
    await clock.advance(2_000)
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })

  it('returning delayMs keeps the default, whatever that is', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { retry: ({ delayMs }) => delayMs })
    ;(await transport.attempted()).respond(503)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', retryAt: 500 })
    await clock.advance(500)
    ;(await transport.attempted()).respond(404)
    expect(reader.getSnapshot().status).toBe('failed')
  })

  it('of what is not live only about a refusal: a break is never sent twice, whoever says so', async () => {
    const { client, clock, transport } = harness()
    const retry = vi.fn<(context: RetryContext) => number>(() => 1_000)
    const reader = client.subscribe('/ask', { body: { q: 1 }, retry })
    ;(await transport.attempted()).respond(503)
    expect(retry.mock.calls).toMatchObject([[{ delayMs: false, error: { status: 503 } }]])
    await clock.advance(1_000)
    const second = await transport.connected()
    second.send({ data: 1 })
    second.drop()
    await clock.advance(60_000)
    expect(retry).toHaveBeenCalledTimes(1)
    expect(reader.getSnapshot().status).toBe('failed')
    expect(transport.connections).toHaveLength(2)
  })
})

describe('bad values never reach a timer, in production either', () => {
  it.each<[string, unknown]>([
    ['baseMs', { baseMs: 'x' }],
    ['baseMs', { baseMs: -5 }],
    ['baseMs', { baseMs: Number.NaN }],
    ['jitter', { jitter: 'none' }],
    ['maxMs', { maxMs: Number.NaN }],
    ['factor', { factor: 0 }],
    ['attempts', { attempts: Number.NaN }],
    ['stableMs', { stableMs: 'x' }],
    ['a function', () => true],
    ['a function', () => undefined],
    ['a function', () => Number.NaN],
    ['a function', async () => 5],
  ])('%s: %j', async (_, retry) => {
    vi.stubEnv('NODE_ENV', 'production')
    const { client, clock, transport } = harness({ retry: untyped(retry) })
    const reader = client.subscribe('/events')
    let waits = 0
    for (let round = 0; round < 5; round++) {
      const attempt = await transport.attempted()
      attempt.respond(503)
      const { retryAt } = reader.getSnapshot()
      expect(Number.isFinite(retryAt)).toBe(true)
      waits += (retryAt ?? 0) - clock.now()
      await clock.advance((retryAt ?? 0) - clock.now())
    }
    expect(waits).toBeGreaterThan(1_000)
    vi.unstubAllEnvs()
  })

  it.each([
    [{ base: 5 }, "Unknown option 'retry.base'. Did you mean 'retry.baseMs'?"],
    [{ baseMs: 'x' }, "retry.baseMs must be 0 or more ms, not 'x'"],
    [{ jitter: 'none' }, "retry.jitter must be true, false or a number from 0 to 1, not 'none'"],
  ])('development says so: %j', (retry, message) => {
    expect(() => harness().client.subscribe('/events', { retry: untyped(retry) })).toThrow(new TypeError(message))
  })
})
