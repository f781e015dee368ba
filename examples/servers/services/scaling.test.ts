/** Two instances of a server behind a real nginx, over a real Redis: what clients see of what happens to them. */
import type { RenewOptions } from 'eventwire/core'
import type { Running } from '../running.ts'
import { readFileSync } from 'node:fs'
import { createSSEClient } from 'eventwire/core'
import { SignJWT } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../../test/engines/free-port.ts'
import { startNginx } from '../../../test/services/nginx.ts'
import { load } from '../load.ts'
import { run } from '../running.ts'
import { startRedis } from './redis.ts'

const EXAMPLE = readFileSync(new URL('../../nginx/nginx.conf', import.meta.url), 'utf8')
const HEARTBEAT_MS = 1_000

/** The example's own configuration, without its TLS: Node's fetch speaks HTTP/1.1. */
const before = (ports: readonly number[]) => (port: number) =>
  EXAMPLE.replace(/server app-1:3000(.*;)\s+server app-2:3000.*;/, (_, rest) => ports.map((one) => `server 127.0.0.1:${one}${rest}`).join(' '))
    .replace('listen 443 ssl http2', `listen 127.0.0.1:${port}`)
    .replaceAll(/ssl_certificate.*;/g, '')

/** A server that can be stopped and started again under the same port. */
interface Instance {
  server: Running
  start(): Promise<void>
}

async function setup(keeps = true, name = 'node') {
  const redis = await startRedis(keeps)
  const ports = [await freePort(), await freePort()]
  const instances = await Promise.all(
    ports.map(async (port): Promise<Instance> => {
      const begin = () => run(name, HEARTBEAT_MS, { port, env: { REDIS_URL: redis.url } })
      const instance: Instance = {
        server: await begin(),
        async start() {
          instance.server = await begin()
        },
      }
      return instance
    }),
  )
  const nginx = await startNginx(before(ports))
  onTestFinished(async () => {
    await nginx.close()
    await Promise.all(instances.map(({ server }) => server.stop()))
    await redis.close()
  })
  return { redis, instances, ports, origin: `http://127.0.0.1:${nginx.port}` }
}

/** Who reads the stream, by eventwire, and all that it was told. */
function reader(url: string, headers?: () => Promise<Record<string, string>>, renew?: RenewOptions) {
  const client = createSSEClient()
  const seen: { readonly counts: number[]; readonly ids: string[]; readonly resets: string[]; readonly gaps: boolean[]; readonly errors: string[]; readonly opens: number[] } = {
    counts: [],
    ids: [],
    resets: [],
    gaps: [],
    errors: [],
    opens: [],
  }
  const leave = client.subscribe<{ count: number }>(url, {
    headers,
    renew,
    onMessage({ count }: { count: number }, { lastEventId }) {
      seen.counts.push(count)
      seen.ids.push(lastEventId)
    },
    onReset: ({ reason }) => seen.resets.push(reason),
    onResume: ({ gapPossible }) => seen.gaps.push(gapPossible),
    onError: ({ code, status }) => seen.errors.push(`${code} ${status ?? ''}`),
    onOpen: () => seen.opens.push(Date.now()),
  })
  onTestFinished(() => leave())
  return { ...seen, getSnapshot: leave.getSnapshot }
}

/** Publishes numbers, one after the other, through whichever instance takes them; gives what stops it, and the last. */
function publishing(origin: string, everyMs: number) {
  let last = 0
  let over = false
  const done = (async () => {
    while (!over) {
      const count = last + 1
      const answer = await fetch(`${origin}/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'tick', data: { count } }),
      }).catch(() => null)
      // One that was not taken is published again, as a queue in front of it would.
      if (answer?.status === 201) last = count
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  })()
  return {
    get last() {
      return last
    },
    async stop() {
      over = true
      await done
      return last
    },
  }
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => index + first)
/** Events that came twice: each has an id of its own, whatever is in it. */
const twice = (ids: readonly string[]) => ids.length - new Set(ids).size
const until = (holds: () => void, timeout = 20_000) => vi.waitFor(holds, { timeout, interval: 20 })
const opened = (readers: readonly ReturnType<typeof reader>[]) => until(() => expect(readers.every(({ opens }) => opens.length > 0)).toBe(true))

describe('two instances over one Redis', () => {
  it('the one that a client is on is killed: it goes on with the other, nothing lost, nothing twice', async () => {
    const { instances, origin } = await setup()
    const readers = Array.from({ length: 10 }, () => reader(`${origin}/events`))
    await opened(readers)
    const publisher = publishing(origin, 5)
    await until(() => expect(publisher.last).toBeGreaterThan(50))
    await instances[0]?.server.kill()
    const from = publisher.last
    await until(() => expect(publisher.last).toBeGreaterThan(from + 100))
    const last = await publisher.stop()
    await until(() => expect(readers.map(({ counts }) => counts.at(-1))).toEqual(readers.map(() => last)))
    // A number that was published twice, because nobody knows whether it was taken, is one that the publisher doubled.
    for (const { counts, ids, gaps, resets } of readers) expect([[...new Set(counts)], twice(ids), gaps.includes(true), resets]).toEqual([upTo(last), 0, false, []])
    expect(readers.some(({ gaps }) => gaps.length > 0)).toBe(true)
  })

  it('a deploy of both, one after the other, under 500 clients: nothing lost, nothing twice, and they come back spread', async () => {
    const { instances, origin } = await setup()
    const readers = Array.from({ length: 500 }, () => reader(`${origin}/events`))
    await opened(readers)
    const publisher = publishing(origin, 20)
    const deployed = Date.now()
    for (const instance of instances) {
      await instance.server.stop()
      await instance.start()
    }
    await until(() => expect(readers.filter(({ opens }) => opens.length > 1).length).toBeGreaterThan(450), 60_000)
    // Who was on the second one may have been told twice to come back.
    await until(() => expect(readers.every(({ getSnapshot }) => getSnapshot()?.status === 'open')).toBe(true), 60_000)
    const last = await publisher.stop()
    await until(() => expect(readers.map(({ counts }) => counts.at(-1))).toEqual(readers.map(() => last)), 60_000)
    for (const { counts, ids, gaps, errors } of readers) expect([[...new Set(counts)], twice(ids), gaps.includes(true), errors]).toEqual([upTo(last), 0, false, []])
    // Of those that came back no second saw more than a third.
    const seconds = new Map<number, number>()
    for (const { opens } of readers)
      for (const at of opens.slice(1)) seconds.set(Math.floor((at - deployed) / 1_000), (seconds.get(Math.floor((at - deployed) / 1_000)) ?? 0) + 1)
    const came = [...seconds.values()].reduce((sum, count) => sum + count, 0)
    expect(Math.max(...seconds.values())).toBeLessThan(came / 3)
  })

  it('Redis starts anew, and has kept everything: clients stay where they are, and miss nothing', async () => {
    const { redis, origin } = await setup()
    const readers = Array.from({ length: 10 }, () => reader(`${origin}/events`))
    await opened(readers)
    const publisher = publishing(origin, 10)
    await until(() => expect(publisher.last).toBeGreaterThan(30))
    await redis.restart(1_000)
    const from = publisher.last
    await until(() => expect(publisher.last).toBeGreaterThan(from + 30))
    const last = await publisher.stop()
    await until(() => expect(readers.map(({ counts }) => counts.at(-1))).toEqual(readers.map(() => last)))
    for (const { counts, ids, opens, resets } of readers) expect([[...new Set(counts)], twice(ids), opens.length, resets]).toEqual([upTo(last), 0, 1, []])
  })

  it('Redis starts anew, and has lost everything: that is told as a reset, and not hidden', async () => {
    const { redis, origin } = await setup(false)
    const readers = Array.from({ length: 10 }, () => reader(`${origin}/events`))
    await opened(readers)
    const publisher = publishing(origin, 10)
    await until(() => expect(publisher.last).toBeGreaterThan(30))
    await redis.restart(500)
    await until(() => expect(readers.map(({ resets }) => resets)).toEqual(readers.map(() => ['status'])))
    const from = publisher.last
    await until(() => expect(publisher.last).toBeGreaterThan(from + 30))
    const last = await publisher.stop()
    await until(() => expect(readers.map(({ counts }) => counts.at(-1))).toEqual(readers.map(() => last)))
    for (const { counts } of readers) expect(counts.slice(-20)).toEqual(upTo(last, last - 19))
  })
})

it('200 clients, ten events a second for each: every one has every event', async () => {
  const { published, least, most } = await load({ server: 'node', clients: 200, perSecond: 10, seconds: 3 })
  expect(published).toBeGreaterThan(20)
  expect([least, most]).toEqual([published, published])
})

describe('a stream for each user', () => {
  const secret = new TextEncoder().encode('a secret for this example alone, 32 bytes')
  const token = (user: string, seconds = 60) =>
    new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(user).setExpirationTime(Math.floor(Date.now() / 1_000) + seconds).sign(secret)
  const bearer = (user: string, seconds?: number) => async () => ({ Authorization: `Bearer ${await token(user, seconds)}` })

  async function publish(origin: string, user: string, count: number) {
    const headers = { 'Content-Type': 'application/json', ...(await bearer('publisher')()) }
    const answer = await fetch(`${origin}/events/${user}`, { method: 'POST', headers, body: JSON.stringify({ type: 'tick', data: { count } }) })
    expect(answer.status).toBe(201)
  }

  it('each gets their own, whichever instance published it, and nobody another\'s', async () => {
    const { origin } = await setup(true, 'users')
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    const readers = users.map((user) => reader(`${origin}/events/${user}`, bearer(user)))
    await opened(readers)
    for (let round = 0; round < 10; round++) await Promise.all(users.map((user, index) => publish(origin, user, index * 100 + round)))
    await until(() => expect(readers.map(({ counts }) => counts.length)).toEqual(users.map(() => 10)))
    readers.forEach(({ counts }, index) => expect([...counts].sort((a, b) => a - b)).toEqual(upTo(index * 100 + 9, index * 100)))
  })

  it('without a token it is a 401, with another\'s a 403; neither is asked for again', async () => {
    const { origin } = await setup(true, 'users')
    const nobody = reader(`${origin}/events/user-1`)
    const another = reader(`${origin}/events/user-1`, bearer('user-2'))
    await until(() => expect([nobody.errors, another.errors]).toEqual([['unauthorized 401'], ['status 403']]))
    expect([nobody.getSnapshot()?.status, another.getSnapshot()?.status]).toEqual(['failed', 'failed'])
  })

  it('with renew it goes over to a fresh token before the old one expires: no reconnect, no gap, nothing lost or doubled', async () => {
    const { origin } = await setup(true, 'users')
    const ends: number[] = []
    const headers = async () => {
      const seconds = ends.length < 2 ? 3 : 60
      ends.push((Math.floor(Date.now() / 1_000) + seconds) * 1_000)
      return { Authorization: `Bearer ${await token('user-1', seconds)}` }
    }
    const mine = reader(`${origin}/events/user-1`, headers, { beforeMs: 1_000, at: () => ends.at(-1) ?? NaN })
    await opened([mine])
    for (let count = 1; count <= 60; count++) {
      await publish(origin, 'user-1', count)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(() => expect(mine.counts).toEqual(upTo(60)))
    expect(ends.length).toBeGreaterThan(2)
    expect([mine.opens.length, mine.gaps, mine.errors]).toEqual([1, [], []])
  }, 40_000)

  it('a token that expires ends the stream as planned: it comes back with a fresh one, nothing lost', async () => {
    const { origin } = await setup(true, 'users')
    let asked = 0
    const headers = async () => ({ Authorization: `Bearer ${await token('user-1', asked++ === 0 ? 2 : 60)}` })
    const mine = reader(`${origin}/events/user-1`, headers)
    await opened([mine])
    for (let count = 1; count <= 40; count++) {
      await publish(origin, 'user-1', count)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(() => expect(mine.counts).toEqual(upTo(40)))
    expect([asked, mine.errors, mine.gaps]).toEqual([2, [], [false]])
  })
})
