import type { SubscribeOptions, Subscription } from 'eventwire/core'
import type { MockConnection } from 'eventwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { harness } from './harness.js'

/** A server that answers every attempt as soon as it comes, for so long. */
async function storm(
  options: (reader: () => Subscription) => SubscribeOptions,
  answer: (attempt: MockConnection) => void,
  ms = 1_000,
) {
  const { client, clock, transport } = harness()
  const reader: Subscription = client.subscribe('/events', { ...options(() => reader) })
  for (let at = 0; at < ms; at += 10) {
    for (const connection of [...transport.connections]) if (connection.state === 'pending') answer(connection)
    await clock.advance(10)
  }
  return { requests: transport.connections.length, reader, clock }
}

describe('what a callback wishes goes through the clock', () => {
  it('development says once what happens by itself', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    await storm((reader) => ({ onError: () => reader().reconnect() }), (attempt) => attempt.respond(503), 500)
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/reconnects by itself/)]])
    warn.mockRestore()
  })

  it.each<[string, (reader: () => Subscription) => SubscribeOptions]>([
    ['reconnect in onError', (reader) => ({ onError: () => reader().reconnect() })],
    ['open in onError', (reader) => ({ retry: { attempts: 0 }, onError: () => reader().open() })],
    ['restart in onError', (reader) => ({ onError: () => reader().restart() })],
    ['reconnect in onChange', (reader) => ({ onChange: ({ error }) => error && reader().reconnect() })],
    ['close and open in onError', (reader) => ({ onError: () => (reader().close(), reader().open()) })],
  ])('%s, against a 503', async (_, options) => {
    const { requests } = await storm(options, (attempt) => attempt.respond(503))
    expect(requests).toBeGreaterThan(3)
    expect(requests).toBeLessThanOrEqual(11)
  })

  it.each<[string, (reader: () => Subscription) => SubscribeOptions]>([
    ['open in onClose', (reader) => ({ onClose: () => reader().open() })],
    ['reconnect in onClose', (reader) => ({ onClose: () => reader().reconnect() })],
  ])('%s, against a 204', async (_, options) => {
    const { requests } = await storm(options, (attempt) => attempt.respond(204))
    expect(requests).toBeGreaterThan(3)
    expect(requests).toBeLessThanOrEqual(11)
  })

  it('also while headers throws, the URL is none, or a transport refuses at once', async () => {
    for (const more of [
      { headers: () => { throw new Error('no token') } },
      { url: 'http://:bad' },
      { transport: { name: 'broken', can: new Set<never>(), open() { throw new TypeError('There is none') } } },
    ]) {
      let errors = 0
      const { reader } = await storm((get) => ({ ...more, onError: () => (errors++, get().reconnect()) }), () => {}, 300)
      expect(errors).toBeLessThanOrEqual(4)
      reader.unsubscribe()
    }
  })

  it('a reader that a callback makes anew waits, too', async () => {
    const { client, clock, transport } = harness()
    const subscribe = (): Subscription =>
      client.subscribe('/events', {
        retry: { attempts: 0 },
        onError() {
          reader.unsubscribe()
          reader = subscribe()
        },
      })
    let reader = subscribe()
    for (let at = 0; at < 500; at += 10) {
      for (const connection of [...transport.connections]) if (connection.state === 'pending') connection.respond(503)
      await clock.advance(10)
    }
    expect(transport.connections.length).toBeLessThanOrEqual(6)
    reader.unsubscribe()
  })

  it('close takes a wish back, and nothing of it is left', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { onError: () => reader.reconnect(), retry: { attempts: 0 } })
    ;(await transport.attempted()).respond(503)
    reader.close()
    await clock.advance(1_000)
    expect(reader.getSnapshot().status).toBe('closed')
    expect([transport.connections.length, clock.pending]).toEqual([1, 0])
  })

  it('one who leaves takes it back, too', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events', { onError: () => reader.reconnect(), retry: { attempts: 0 } })
    ;(await transport.attempted()).respond(503)
    reader.unsubscribe()
    await clock.advance(1_000)
    expect([transport.connections.length, clock.pending]).toEqual([1, 0])
  })
})

describe('a method that is called', () => {
  it('is granted at once after a quiet time, and 100 ms later the second time', async () => {
    const { client, clock, transport } = harness()
    const reader = client.subscribe('/events')
    ;(await transport.attempted()).respond(404)
    await clock.advance(5)
    reader.open()
    await clock.advance(0)
    expect(transport.connections).toHaveLength(2)
    for (let time = 0; time < 50; time++) {
      reader.reconnect()
      await clock.advance(1)
    }
    expect(transport.connections).toHaveLength(2)
    expect(reader.getSnapshot()).toMatchObject({ status: 'connecting', retryAt: 105 })
    await clock.advance(50)
    expect(transport.connections).toHaveLength(3)
  })
})
