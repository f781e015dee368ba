import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../examples/dashboard/clock.js'
import type { Clock } from '../../examples/dashboard/clock.js'
import { createReplayBuffer } from '../../examples/dashboard/replay-buffer.js'
import { createMachineSampler } from '../../examples/dashboard/sampler.js'
import { createDashboardServer } from '../../examples/dashboard/server.js'
import type { DashboardServer, DashboardServerOptions } from '../../examples/dashboard/server.js'
import { createVirtualClock } from '../../src/protocol/virtual-clock.js'

const releases: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

/** A sampler that counts: the nth sample has `cpu` n. */
function createCountingSampler() {
  const calls = { started: 0, stopped: 0, samples: 0 }
  return {
    calls,
    start: () => void calls.started++,
    stop: () => void calls.stopped++,
    sample: () => ({
      cpu: ++calls.samples,
      cores: 4,
      memory: { usedBytes: 1, totalBytes: 2 },
      loopDelay: { meanMs: 0, maxMs: 0 },
    }),
  }
}

/** The system's clock, with a count of the timers that wait. */
function createCountingClock(): Clock & { readonly pending: number } {
  const waiting = new Set<unknown>()
  return {
    now: systemClock.now,
    setTimeout(callback, ms) {
      const handle = systemClock.setTimeout(() => {
        waiting.delete(handle)
        callback()
      }, ms)
      waiting.add(handle)
      return handle
    },
    clearTimeout(handle) {
      waiting.delete(handle)
      systemClock.clearTimeout(handle)
    },
    get pending() {
      return waiting.size
    },
  }
}

async function start(options: DashboardServerOptions = {}) {
  const clock = createVirtualClock({ now: 1_700_000_000_000 })
  const sampler = createCountingSampler()
  const server = createDashboardServer({ clock, sampler, sampleMs: 100, ...options })
  const url = await server.listen(0)
  releases.push(() => server.close())
  return { server, url, clock, sampler }
}

/** Opens the stream and collects its text; `until` waits for what is to come. */
async function connect(url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { headers, agent: false }, resolve).on('error', reject).end()
  })
  let over: 'end' | 'cut' | null = null
  let text = ''
  const wake = new Set<() => void>()
  const changed = () => wake.forEach((check) => check())
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    changed()
  })
  response.on('end', () => {
    over = 'end'
    changed()
  })
  response.on('error', () => {
    over = 'cut'
    changed()
  })
  const stream = {
    status: response.statusCode,
    headers: response.headers,
    get text() {
      return text
    },
    get over() {
      return over
    },
    get ids() {
      return [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '')
    },
    /** The data of the `metrics` events so far. */
    get cpus() {
      return [...text.matchAll(/^event: metrics\ndata: .*"cpu":(\d+)/gm)].map((match) => Number(match[1]))
    },
    until(condition: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = () => {
          if (!condition()) return
          wake.delete(check)
          resolve()
        }
        wake.add(check)
        check()
      })
    },
    leave: () => void response.destroy(),
  }
  releases.push(stream.leave)
  return stream
}

/** Waits until the server counts so many streams. */
async function clientsAre(server: DashboardServer, clients: number): Promise<void> {
  while (server.stats().clients !== clients) await nextTurn()
}

const post = (url: string) => fetch(url, { method: 'POST' }).then((response) => response.status)

describe('the stream', () => {
  it('opens at once, with the headers that keep proxies from buffering, a comment and the reconnection time', async () => {
    const { url } = await start({ retryMs: 1500 })
    const stream = await connect(`${url}/events`)
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(stream.headers).not.toHaveProperty('content-encoding')
    await stream.until(() => stream.text.includes('event: notice'))
    expect(stream.text).toMatch(/^: welcome\nretry: 1500\n\nid: \w+-1\nevent: notice\ndata: \{.*\}\n\n$/)
  })

  it('sends a sample at each interval, named, with consecutive ids, the same to every client', async () => {
    const { url, clock, sampler } = await start()
    const one = await connect(`${url}/events`)
    const two = await connect(`${url}/events`)
    await clock.advance(300)
    await one.until(() => one.cpus.length === 3)
    await two.until(() => two.cpus.length === 3)
    expect(one.cpus).toEqual([1, 2, 3])
    expect(one.text).toContain('"clients":2')
    expect(one.ids.map((id) => id.split('-')[1])).toEqual(['1', '2', '3', '4', '5'])
    expect(two.ids).toEqual(one.ids.slice(1))
    expect(sampler.calls).toEqual({ started: 1, stopped: 0, samples: 3 })
  })

  it('sends a comment every 15 s', async () => {
    const { url, clock } = await start({ sampleMs: 1e9 })
    const stream = await connect(`${url}/events`)
    await clock.advance(14_999)
    await clock.advance(1)
    await stream.until(() => stream.text.includes(': heartbeat\n\n'))
    await clock.advance(15_000)
    await stream.until(() => stream.text.split(': heartbeat\n\n').length === 3)
    expect(stream.ids).toHaveLength(1)
  })

  it('drops a client that does not read, instead of keeping what it was sent', async () => {
    const { url, server, clock } = await start({
      sampler: {
        start() {},
        stop() {},
        sample: () => ({
          ...createCountingSampler().sample(),
          // Stands for many events: 2 MiB each.
          ...{ padding: 'x'.repeat(2 ** 21) },
        }),
      },
    })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${url}/events`, { agent: false }, resolve).on('error', reject).end()
    })
    response.on('error', () => {})
    releases.push(() => void response.destroy())
    while (server.stats().clients > 0) {
      await clock.advance(100)
      await nextTurn()
    }
    expect(server.stats()).toMatchObject({ clients: 0, requests: 1 })
  })
})

describe('resuming', () => {
  it('replays what came after the Last-Event-ID header, each id once and in order', async () => {
    const { url, server, clock } = await start()
    const before = await connect(`${url}/events`)
    await clock.advance(200)
    await before.until(() => before.cpus.length === 2)
    before.leave()
    await clientsAre(server, 0)
    await clock.advance(300)

    const after = await connect(`${url}/events`, { 'Last-Event-ID': before.ids.at(-1) ?? '' })
    await clock.advance(100)
    await after.until(() => after.cpus.length === 4)
    expect(after.cpus).toEqual([3, 4, 5, 6])
    const numbers = [...before.ids, ...after.ids].map((id) => Number(id.split('-')[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })

  it('takes the cursor from the query where a header can not be set', async () => {
    const { url, clock } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await first.until(() => first.cpus.length === 3)
    const second = await connect(`${url}/events?lastEventId=${first.ids[1] ?? ''}`)
    await second.until(() => second.cpus.length === 2)
    expect(second.cpus).toEqual([2, 3])
  })

  it('starts a client without a cursor from now', async () => {
    const { url, clock } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await first.until(() => first.cpus.length === 3)
    const second = await connect(`${url}/events`)
    await clock.advance(100)
    await second.until(() => second.cpus.length > 0)
    expect(second.cpus).toEqual([4])
  })

  it('keeps a bounded number of events and says how many are gone', async () => {
    const { url, clock } = await start({ bufferSize: 5 })
    const first = await connect(`${url}/events`)
    await clock.advance(2000)
    await first.until(() => first.cpus.length === 20)
    const second = await connect(`${url}/events`, { 'Last-Event-ID': first.ids[0] ?? '' })
    await second.until(() => second.cpus.length === 5)
    expect(second.cpus).toEqual([16, 17, 18, 19, 20])
    expect(second.text).toContain(': 15 events are no longer buffered\n\n')
  })

  it.each([
    ['from another run', 'zzzz-2'],
    ['that is no id of ours', 'nonsense'],
    ['from the future', 'run-99'],
  ])('replays all it has for a cursor %s', (_, cursor) => {
    const buffer = createReplayBuffer(3, 'run')
    for (const data of ['a', 'b']) buffer.append('message', data, 0)
    expect(buffer.after(cursor).events.map((event) => event.id)).toEqual(['run-1', 'run-2'])
  })
})

describe('trouble', () => {
  it("cuts the caller's connection and no other", async () => {
    const { url, server } = await start()
    const mine = await connect(`${url}/events?client=me`)
    const other = await connect(`${url}/events?client=you`)
    expect(await post(`${url}/trouble/drop?client=me`)).toBe(204)
    await mine.until(() => mine.over !== null)
    expect(mine.over).toBe('cut')
    await clientsAre(server, 1)
    await other.until(() => other.text.includes('A client left, 1 connected'))
    expect(other.over).toBeNull()
  })

  it('ends every stream and answers 503 for ten seconds', async () => {
    const { url, server, clock } = await start()
    const streams = [await connect(`${url}/events?client=me`), await connect(`${url}/events?client=you`)]
    expect(await post(`${url}/trouble/outage?client=me`)).toBe(204)
    for (const stream of streams) {
      await stream.until(() => stream.over !== null)
      expect(stream.over).toBe('end')
    }
    await clientsAre(server, 0)

    const refused = await connect(`${url}/events`)
    expect(refused.status).toBe(503)
    expect(refused.headers).not.toHaveProperty('retry-after')
    await refused.until(() => refused.over === 'end')
    expect(refused.text).toBe('Out of order for 10 s more, as you asked.')
    await clock.advance(9999)
    expect((await connect(`${url}/events`)).status).toBe(503)
    await clock.advance(1)
    expect((await connect(`${url}/events`)).status).toBe(200)
    expect(server.stats()).toMatchObject({ clients: 1, requests: 5 })
  })

  it('sends the caller an event that does not parse, without an id, and goes on', async () => {
    const { url, clock } = await start()
    const mine = await connect(`${url}/events?client=me`)
    const other = await connect(`${url}/events?client=you`)
    expect(await post(`${url}/trouble/malformed?client=me`)).toBe(204)
    await clock.advance(100)
    await mine.until(() => mine.cpus.length === 1)
    await other.until(() => other.cpus.length === 1)
    const data = /\n\nevent: metrics\ndata: (.*)\n\n/.exec(mine.text)?.[1] ?? ''
    expect(data).not.toBe('')
    expect(() => JSON.parse(data) as unknown).toThrow(SyntaxError)
    expect(other.text).not.toContain(data)
  })

  it.each(['drop', 'malformed'])('answers 404 to %s from a client without a stream', async (kind) => {
    const { url } = await start()
    await connect(`${url}/events?client=you`)
    expect(await post(`${url}/trouble/${kind}?client=me`)).toBe(404)
    expect(await post(`${url}/trouble/${kind}`)).toBe(404)
  })
})

describe('what is let go', () => {
  it('stops sampling 30 s after the last client left, with no timer of its own in between', async () => {
    const { url, server, clock, sampler } = await start()
    const one = await connect(`${url}/events`)
    const two = await connect(`${url}/events`)
    // One sample, and a heartbeat for each client.
    expect(clock.pending).toBe(3)
    one.leave()
    await clientsAre(server, 1)
    expect(clock.pending).toBe(2)
    two.leave()
    await clientsAre(server, 0)
    // The sample, and the end of the grace.
    expect(clock.pending).toBe(2)
    await clock.advance(29_999)
    expect(sampler.calls).toMatchObject({ started: 1, stopped: 0, samples: 299 })
    await clock.advance(1)
    expect(clock.pending).toBe(0)
    expect(sampler.calls).toMatchObject({ started: 1, stopped: 1, samples: 299 })

    await connect(`${url}/events`)
    expect(sampler.calls).toMatchObject({ started: 2, stopped: 1 })
    expect(clock.pending).toBe(2)
  })

  it('keeps sampling for a client that comes back in time', async () => {
    const { url, server, clock, sampler } = await start()
    const first = await connect(`${url}/events`)
    first.leave()
    await clientsAre(server, 0)
    await clock.advance(29_000)
    await connect(`${url}/events`)
    await clock.advance(29_000)
    expect(sampler.calls).toEqual({ started: 1, stopped: 0, samples: 580 })
  })

  it.each<[string, (url: string, leave: () => void) => unknown]>([
    ['it leaves', (_, leave) => leave()],
    ['it is dropped', (url) => post(`${url}/trouble/drop?client=me`)],
    ['the server ends it', (url) => post(`${url}/trouble/outage`)],
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
    // A heartbeat for each, and the next sample.
    expect(clock.pending).toBe(6)
    await part(url, () => streams.forEach((stream) => stream.leave()))
    await clientsAre(server, 0)

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
    expect(server.stats().clients).toBe(0)
    await expect(fetch(`${url}/stats`)).rejects.toThrow('fetch failed')
  })
})

describe('around it', () => {
  it('takes the next port when one is taken', async () => {
    const first = await start()
    const port = Number(new URL(first.url).port)
    const second = createDashboardServer()
    releases.push(() => second.close())
    const url = await second.listen(port)
    expect(Number(new URL(url).port)).toBeGreaterThan(port)
    expect((await fetch(`${url}/stats`)).status).toBe(200)
  })

  it('tells how many clients there are and how many events a second', async () => {
    const { url, clock } = await start()
    const stream = await connect(`${url}/events`)
    await clock.advance(60_000)
    await stream.until(() => stream.cpus.length === 600)
    const stats: unknown = await fetch(`${url}/stats`).then((response) => response.json())
    expect(stats).toEqual({ clients: 1, requests: 1, eventsPerSecond: 10.2 })
  })

  it('measures this machine', async () => {
    const sampler = createMachineSampler()
    sampler.start()
    releases.push(() => sampler.stop())
    // Hold up the event loop, again and again, until the kernel has counted it and the monitor has seen it.
    let sample = sampler.sample()
    while (sample.cpu === 0 || sample.loopDelay.maxMs === 0) {
      for (let turn = 0; turn < 10; turn++) {
        for (const until = performance.now() + 15; performance.now() < until; );
        await nextTurn()
      }
      sample = sampler.sample()
    }
    expect(sample.cpu).toBeLessThanOrEqual(100)
    expect(sample.cores).toBeGreaterThan(0)
    expect(sample.memory.usedBytes).toBeGreaterThan(0)
    expect(sample.memory.usedBytes).toBeLessThan(sample.memory.totalBytes)
  })
})
