import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSSEClient } from 'eventwire/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClientOptions } from 'eventwire/core'
import type { MockConnection } from 'eventwire/testing'
import { harness } from '../client/harness.js'

/** A server that answers every attempt as soon as it comes; when each came, in ms. */
async function times(options: ClientOptions, answer: (attempt: MockConnection) => void, ms: number, step = 10) {
  const { client, clock, transport } = harness(options)
  const reader = client.subscribe('/events')
  const came: number[] = []
  for (let at = 0; at <= ms; at += step) {
    await clock.advance(step)
    for (const connection of [...transport.connections].slice(came.length)) {
      came.push(at)
      answer(connection)
    }
  }
  return { came, reader }
}

const end = (attempt: MockConnection) => {
  attempt.open()
  attempt.end()
}
const oneEvent = (retry?: number) => (attempt: MockConnection) => {
  attempt.open()
  attempt.send({ data: 1, ...(retry !== undefined && { retry }) })
  attempt.end()
}

describe('clean ends', () => {
  it('empty 200s with three attempts: four requests, then interrupted', async () => {
    const { came, reader } = await times({ retry: { attempts: 3, jitter: false } }, end, 60_000, 100)
    expect(came).toHaveLength(4)
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', attempt: 4, error: { code: 'interrupted', retryable: false } })
  })

  it('one event and then the end: the wait grows to the most', async () => {
    const { came } = await times({ retry: { jitter: false } }, oneEvent(), 200_000, 100)
    const waits = came.slice(1).map((at, index) => Math.round((at - (came[index] ?? 0)) / 1_000))
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
  })

  it('a server that is polled by retry: 2000 is asked about every two seconds, for ever', async () => {
    const { came, reader } = await times({ retry: { attempts: 3 } }, oneEvent(2_000), 120_000, 100)
    const waits = new Set(came.slice(1).map((at, index) => Math.round((at - (came[index] ?? 0)) / 100) * 100))
    expect([...waits].every((ms) => ms >= 1_900 && ms <= 2_200)).toBe(true)
    expect(came.length).toBeGreaterThan(55)
    expect(reader.getSnapshot().error).toBeNull()
  })

  it('retry: 0 with events each time: at most twelve requests in the first second, over a real server too', async () => {
    const { came } = await times({}, oneEvent(0), 1_000)
    expect(came.length).toBeGreaterThan(5)
    expect(came.length).toBeLessThanOrEqual(12)

    let requests = 0
    const server = createServer((_, response) => {
      requests++
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('retry: 0\ndata: 1\n\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const began = Date.now()
    // A seam: a server that listens on a port has an address with one.
    const reader = createSSEClient().subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await expect.poll(() => requests, { timeout: 5_000 }).toBe(6)
    expect(Date.now() - began).toBeGreaterThanOrEqual(495)
    reader.unsubscribe()
  })

  it('a stream that was stable comes back after a random part of the base', async () => {
    const { client, clock, transport } = harness({ retry: { baseMs: 4_000 } })
    const reader = client.subscribe('/events')
    for (let round = 0; round < 3; round++) {
      const stream = await transport.connected()
      await clock.advance(6_000)
      stream.end()
      expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 0, reconnectReason: 'planned' })
      expect((reader.getSnapshot().retryAt ?? 0) - clock.now()).toBe(2_000)
      await clock.advance(2_000)
    }
  })
})
