import { createVirtualPage } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'
import type { SubscribeOptions } from 'eventwire/core'
import { harness } from '../client/harness.js'

async function open(options: SubscribeOptions = {}) {
  const page = createVirtualPage()
  const all = harness({ page, retry: { jitter: false } })
  const reader = all.client.subscribe('/events', options)
  return { page, ...all, reader, stream: await all.transport.connected() }
}

describe('connectTimeout', () => {
  it('an attempt that gets no answer is given up, and the next may take twice as long, up to ten minutes', async () => {
    const { client, clock, transport } = harness({ retry: { baseMs: 100, maxMs: 100, jitter: false } })
    const reader = client.subscribe('/events')
    await transport.attempted()
    await clock.advance(59_999)
    expect(reader.getSnapshot().status).toBe('connecting')
    await clock.advance(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'timeout', retryable: true } })
    const started: number[] = []
    const before = clock.now()
    for (let minutes = 0; minutes < 60; minutes++) {
      await clock.advance(60_000)
      while (started.length < transport.connections.length - 1) started.push(Math.round((clock.now() - before) / 60_000))
    }
    // A quiet healthy server that sends no byte is asked four times in its first ten minutes, and then once in ten.
    expect(started.filter((at) => at < 10)).toHaveLength(3)
    expect(transport.connections.length).toBeLessThanOrEqual(10)
    // An answer begins anew.
    transport.connections.at(-1)?.open()
    transport.connections.at(-1)?.drop()
    await clock.advance(60_200)
    expect(reader.getSnapshot().error?.code).toBe('timeout')
  })

  it('is what the reader says, and off for what is not live', async () => {
    const { client, clock, transport } = harness()
    const quick = client.subscribe('/events', { connectTimeout: 1_000 })
    const never = client.subscribe('/quiet', { connectTimeout: false })
    const ask = client.subscribe('/ask', { method: 'POST' })
    const asked = client.subscribe('/asked', { method: 'POST', connectTimeout: 500 })
    await clock.advance(1_000)
    expect(quick.getSnapshot().error?.code).toBe('timeout')
    expect(asked.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
    await clock.advance(3_600_000)
    expect([never, ask].map((reader) => reader.getSnapshot().status)).toEqual(['connecting', 'connecting'])
    expect(transport.connections.length).toBeGreaterThan(4)
  })
})

describe('idleTimeout', () => {
  it('a silence of that long ends the attempt; any byte puts it off', async () => {
    const { clock, reader, stream, transport } = await open({ idleTimeout: 10_000 })
    stream.send({ id: '7', data: 1 })
    await clock.advance(9_000)
    stream.sendBytes(': still here\n\n')
    await clock.advance(9_999)
    expect(reader.getSnapshot().status).toBe('open')
    await clock.advance(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'timeout' } })
    expect(stream.state).toBe('closed')
    await clock.advance(1_000)
    expect((await transport.connected()).request.lastEventId).toBe('7')
  })

  it('a function of the answer reads what a server announces', async () => {
    const idleTimeout = ({ headers }: { headers?: Headers }) => Number(headers?.get('x-heartbeat-s') ?? 0) * 2_000 || false
    const { client, clock, transport } = harness()
    const told = client.subscribe('/told', { idleTimeout })
    ;(await transport.attempted()).respond(200, { 'Content-Type': 'text/event-stream', 'X-Heartbeat-S': '3' })
    const untold = client.subscribe('/untold', { idleTimeout })
    await transport.connected()
    await clock.advance(6_000)
    expect([told, untold].map((reader) => reader.getSnapshot().status)).toEqual(['reconnecting', 'open'])
  })

  it('is judged by the wall clock: a laptop that slept is back when it wakes', async () => {
    const { clock, page, reader } = await open({ idleTimeout: 30_000 })
    // While it sleeps time goes on and no timer runs.
    clock.sleep(3_600_000)
    page.show(true)
    await clock.advance(500)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'timeout' } })
  })

  it('what came meanwhile is read first: a tab whose timers are throttled raises no false alarm', async () => {
    const { clock, reader, stream } = await open({ idleTimeout: 30_000 })
    for (let minute = 0; minute < 10; minute++) {
      clock.sleep(60_000)
      const woken = clock.advance(100)
      stream.sendBytes(': beat\n\n')
      await woken
      expect(reader.getSnapshot().status).toBe('open')
    }
  })

  it('a clock that is set back makes nobody wait for longer', async () => {
    const { clock, reader } = await open({ idleTimeout: 30_000 })
    clock.sleep(-3_600_000)
    await clock.advance(60_001)
    expect(reader.getSnapshot().error?.code).toBe('timeout')
  })

  it('is refused where no transport can tell', () => {
    const { client } = harness({ transport: { name: 'native', can: new Set(), open: () => ({ close() {}, listen() {} }) } })
    expect(() => client.subscribe('/events', { idleTimeout: 5_000 })).toThrow(/native transport can't do idleTimeout/)
    expect(() => client.subscribe('/events')).not.toThrow()
  })
})
