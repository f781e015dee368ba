import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDashboardServer } from '../../examples/dashboard/server.js'
import { connect, connectionsAre, createCountingClock, post, releases, start } from './dashboard-client.js'

describe('what is let go', () => {
  it('stops sampling 30 s after the last client left, with no timer of its own in between', async () => {
    const { url, server, clock, sampler } = await start()
    const one = await connect(`${url}/events`)
    const two = await connect(`${url}/events`)
    // One sample, and for each client a heartbeat and the end of its token.
    expect(clock.pending).toBe(5)
    one.leave()
    await connectionsAre(server, 1)
    expect(clock.pending).toBe(3)
    two.leave()
    await connectionsAre(server, 0)
    // The sample, and the end of the grace.
    expect(clock.pending).toBe(2)
    await clock.advance(29_999)
    expect(sampler.calls).toMatchObject({ started: 1, stopped: 0, samples: 299 })
    await clock.advance(1)
    expect(clock.pending).toBe(0)
    expect(sampler.calls).toMatchObject({ started: 1, stopped: 1, samples: 299 })

    await connect(`${url}/events`)
    expect(sampler.calls).toMatchObject({ started: 2, stopped: 1 })
    expect(clock.pending).toBe(3)
  })

  it('keeps sampling for a client that comes back in time', async () => {
    const { url, server, clock, sampler } = await start()
    const first = await connect(`${url}/events`)
    first.leave()
    await connectionsAre(server, 0)
    await clock.advance(29_000)
    await connect(`${url}/events`)
    await clock.advance(29_000)
    expect(sampler.calls).toEqual({ started: 1, stopped: 0, samples: 580 })
  })

  it.each<[string, (url: string, leave: () => void) => unknown]>([
    ['it leaves', (_, leave) => leave()],
    ['it is dropped', (url) => post(`${url}/trouble/drop?client=me`)],
    ['the server ends it', (url) => post(`${url}/trouble/outage`)],
    ['its token expired', (url) => post(`${url}/trouble/expire?client=me`)],
  ])('holds no timer, socket or listener of a client after %s', async (_, part) => {
    const clock = createCountingClock()
    const server = createDashboardServer({ clock, sampleMs: 20, graceMs: 1 })
    const url = await server.listen(0)
    releases.push(() => server.close())
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const listeners = () => server.http.eventNames().map((name) => [name, server.http.listenerCount(name)])
    const before = { timers: timers(), listeners: listeners() }

    const streams = await Promise.all(Array.from({ length: 5 }, () => connect(`${url}/events?client=me`)))
    await Promise.all(streams.map((stream) => stream.until(() => stream.text.includes('event: metrics'))))
    // A heartbeat and the end of a token for each, and the next sample.
    expect(clock.pending).toBe(11)
    await part(url, () => streams.forEach((stream) => stream.leave()))
    await connectionsAre(server, 0)

    const sockets = () =>
      new Promise<number>((resolve, reject) => {
        server.http.getConnections((error, count) => (error ? reject(error) : resolve(count)))
      })
    // The connections that `fetch` keeps alive are its own.
    server.http.closeIdleConnections()
    while ((await sockets()) > 0 || clock.pending > 0 || timers() > before.timers) await nextTurn()
    expect(listeners()).toEqual(before.listeners)
  })

  it('close() ends the streams and lets everything go', async () => {
    const { url, server, clock, sampler } = await start()
    const stream = await connect(`${url}/events`)
    await server.close()
    await stream.until(() => stream.over !== null)
    expect(clock.pending).toBe(0)
    expect(sampler.calls).toMatchObject({ started: 1, stopped: 1 })
    expect(server.stats().connections).toBe(0)
    await expect(fetch(`${url}/stats`)).rejects.toThrow('fetch failed')
  })
})
