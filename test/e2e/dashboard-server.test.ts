import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMachineSampler } from '../../examples/dashboard/sampler.js'
import { createDashboardServer } from '../../examples/dashboard/server.js'
import {
  connect,
  connectionsAre,
  createCountingSampler,
  post,
  read,
  releases,
  start,
  tokenFor,
} from './dashboard-client.js'

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
    await stream.until(() => stream.text.includes('event: viewers'))
    expect(stream.text).toMatch(
      /^: welcome\nretry: 1500\n\nid: \w+-0\nevent: snapshot\ndata: \{.*\}\n\nid: \w+-1\nevent: viewers\ndata: \{.*\}\n\n$/,
    )
  })

  it('sends a sample at each interval, named, with consecutive ids, the same to every client', async () => {
    const { url, clock, sampler } = await start()
    const one = await connect(`${url}/events`)
    const two = await connect(`${url}/events`)
    await clock.advance(300)
    await one.until(() => one.cpus.length === 3)
    await two.until(() => two.cpus.length === 3)
    expect(one.cpus).toEqual([1, 2, 3])
    expect(one.ids.map((id) => id.split('-')[1])).toEqual(['0', '1', '2', '3', '4', '5'])
    // The second one's snapshot stands where the first one is.
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
    expect(stream.ids).toHaveLength(2)
  })

  it('drops a client that does not read, instead of keeping what it was sent', async () => {
    const { url, server, clock } = await start({
      sampler: {
        machine: { cores: 1, memory: 1 },
        start() {},
        stop() {},
        sample: () => ({
          ...createCountingSampler().sample(),
          // Stands for many events: 2 MiB each.
          ...{ padding: 'x'.repeat(2 ** 21) },
        }),
      },
    })
    const token = await tokenFor(url)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${url}/events?token=${token}`, { agent: false }, resolve).on('error', reject).end()
    })
    response.on('error', () => {})
    releases.push(() => void response.destroy())
    while (server.stats().connections > 0) {
      await clock.advance(100)
      await nextTurn()
    }
    expect(server.stats()).toMatchObject({ connections: 0, requests: 1 })
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
    await connectionsAre(server, 1)
    await other.until(() => other.events.at(-1)?.type === 'viewers' && other.ids.length > 2)
    expect(other.events.at(-1)?.data).toMatchObject({ count: 1 })
    expect(other.over).toBeNull()
  })

  it('announces a restart, ends every stream properly and says in the replay that it is done', async () => {
    const { url, server } = await start()
    const streams = [await connect(`${url}/events?client=me`), await connect(`${url}/events?client=you`)]
    expect(await post(`${url}/trouble/restart?client=me`)).toBe(204)
    for (const stream of streams) {
      await stream.until(() => stream.over !== null)
      expect(stream.over).toBe('end')
      expect(stream.events.at(-1)).toMatchObject({ type: 'deploy', data: { phase: 'starting' } })
    }
    await connectionsAre(server, 0)
    const back = await connect(`${url}/events`, { 'Last-Event-ID': streams[0]?.ids.at(-1) ?? '' })
    await back.until(() => back.ids.length === 4)
    expect(back.events.map(({ type, data }) => [type, data])).toEqual([
      ['deploy', expect.objectContaining({ phase: 'done' })],
      ['viewers', expect.objectContaining({ count: 1 })],
      ['viewers', expect.objectContaining({ count: 0 })],
      ['viewers', expect.objectContaining({ count: 1 })],
    ])
  })

  it('accepts and stays silent for ten seconds, then cuts whoever waits', async () => {
    const { url, server, clock } = await start()
    const stream = await connect(`${url}/events?client=me`)
    const token = await tokenFor(url)
    expect(await post(`${url}/trouble/silence?client=me`)).toBe(204)
    await stream.until(() => stream.over !== null)
    expect(stream.over).toBe('cut')
    await connectionsAre(server, 0)

    const idle = clock.pending
    const held = read(`${url}/events?token=${token}`).then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.message : error),
    )
    while (clock.pending === idle) await nextTurn()
    // This one does not wait for the end.
    const gone = httpRequest(`${url}/events?token=${token}`, { agent: false }).on('error', () => {})
    gone.end()
    while (clock.pending === idle + 1) await nextTurn()
    gone.destroy()
    while (clock.pending > idle + 1) await nextTurn()

    await clock.advance(9999)
    expect(clock.pending).toBe(idle + 1)
    await clock.advance(1)
    expect(await held).toBe('socket hang up')
    expect((await connect(`${url}/events`)).status).toBe(200)
  })

  it('ends every stream and answers 503 for ten seconds', async () => {
    const { url, server, clock } = await start()
    const streams = [await connect(`${url}/events?client=me`), await connect(`${url}/events?client=you`)]
    expect(await post(`${url}/trouble/outage?client=me`)).toBe(204)
    for (const stream of streams) {
      await stream.until(() => stream.over !== null)
      expect(stream.over).toBe('end')
    }
    await connectionsAre(server, 0)

    const refused = await connect(`${url}/events`)
    expect(refused.status).toBe(503)
    expect(refused.headers).not.toHaveProperty('retry-after')
    await refused.until(() => refused.over === 'end')
    expect(refused.text).toBe('Out of order for 10 s more, as you asked.')
    await clock.advance(9999)
    expect((await connect(`${url}/events`)).status).toBe(503)
    await clock.advance(1)
    expect((await connect(`${url}/events`)).status).toBe(200)
    expect(server.stats()).toMatchObject({ connections: 1, requests: 5 })
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

  it.each(['drop', 'malformed', 'expire'])('answers 404 to %s from a client without a stream', async (kind) => {
    const { url } = await start()
    await connect(`${url}/events?client=you`)
    expect(await post(`${url}/trouble/${kind}?client=me`)).toBe(404)
    expect(await post(`${url}/trouble/${kind}`)).toBe(404)
  })
})

describe('the token', () => {
  it.each([
    ['none', {}],
    ['one that nobody issued', { Authorization: 'Bearer nonsense' }],
    ['another scheme', { Authorization: 'Basic Zm9vOmJhcg==' }],
  ])('is asked for: 401 for %s', async (_, headers) => {
    const { url, server } = await start()
    const refused = await read(`${url}/events`, headers)
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    expect(server.stats().connections).toBe(0)
  })

  it('may come in the header or in the query', async () => {
    const { url } = await start()
    const token = await tokenFor(url)
    expect((await read(`${url}/events`, { Authorization: `Bearer ${token}` })).status).toBe(200)
    expect((await read(`${url}/events?token=${token}`)).status).toBe(200)
  })

  it('expires: its streams end, and only a fresh one is good', async () => {
    const { url, clock } = await start({ tokenMs: 60_000 })
    const token = await tokenFor(url)
    await clock.advance(20_000)
    const stream = await read(`${url}/events?token=${token}`)
    await clock.advance(39_999)
    expect((await read(`${url}/events?token=${token}`)).status).toBe(200)
    expect(stream.over).toBeNull()
    await clock.advance(1)
    await stream.until(() => stream.over !== null)
    expect(stream.over).toBe('end')
    expect((await read(`${url}/events?token=${token}`)).status).toBe(401)
    expect((await connect(`${url}/events`)).status).toBe(200)
  })

  it("expires for the caller alone by the caller's button", async () => {
    const { url } = await start()
    const [mine, yours] = [await tokenFor(`${url}?client=me`), await tokenFor(`${url}?client=you`)]
    const stream = await read(`${url}/events?client=me&token=${mine}`)
    const other = await read(`${url}/events?client=you&token=${yours}`)
    expect(await post(`${url}/trouble/expire?client=me`)).toBe(204)
    await stream.until(() => stream.over !== null)
    expect(stream.over).toBe('end')
    expect((await read(`${url}/events?token=${mine}`)).status).toBe(401)
    expect((await read(`${url}/events?token=${yours}`)).status).toBe(200)
    expect(other.over).toBeNull()
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
    expect(stats).toEqual({ connections: 1, requests: 1, eventsPerSecond: 10 })
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
    expect(sampler.machine.cores).toBeGreaterThan(0)
    expect(sample.memory).toBeGreaterThan(0)
    expect(sample.memory).toBeLessThan(sampler.machine.memory)
  })
})
