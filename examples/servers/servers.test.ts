/** Every server here does the same, and what a platform can't is written down; the table is in ../README.md. */
import type { Reading, Running } from './running.ts'
import { readFileSync, writeFileSync } from 'node:fs'
import { fetchTransport, openSSE } from 'eventwire/core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ops } from './events.ts'
import { post, read, run } from './running.ts'
import { survives } from './strangers.ts'

const HEARTBEAT_MS = 200
const CLIENTS = 200

/** What each is built of, and what it can't do. */
const SERVERS: Record<string, { title: string; cant?: Partial<Record<Feat, Limit>> }> = {
  node: { title: '`node:http`' },
  express: { title: 'Express 5' },
  'express-better-sse': { title: 'Express 5, better-sse' },
  fastify: { title: 'Fastify 5' },
  hono: { title: 'Hono on Node' },
  cloudflare: { title: 'Cloudflare Worker', cant: { shutdown: ['a Worker is not told that it ends: its streams break', breaksOff] } },
  next: { title: 'Next.js route handler' },
}

/** What it does instead, in words and as a test: when a platform learns it, that fails, and the row goes. */
type Limit = readonly [reason: string, test: (server: Running) => Promise<void>]
type Feat = keyof typeof FEATS
/** What they do: a name, and the test of it. */
const FEATS = {
  headers: ['right headers, open before the first event', opens],
  heartbeat: ['a heartbeat in silence', beats],
  named: ['named events with ids, to every client', names],
  forgery: ['refuses what is no event; line breaks forge none', refuses],
  strange: ['answers what no client of ours sends, and goes on', goesOn],
  replay: ['replays from `Last-Event-ID`, and vouches for it, across origins', replays],
  gone: ['410 for an id that is too old, or of another life', tellsGone],
  resume: ['eventwire resumes without a gap', resumes],
  cleanup: [`nothing is left of ${CLIENTS} clients that came and went`, cleansUp],
  shutdown: ['an orderly end: `retry:`, another for each client, then the end', shutsDown],
} as const satisfies Record<string, readonly [string, (server: Running) => Promise<void>]>

const results = new Map<string, string>()

describe.each(Object.entries(SERVERS))('%s', (name, { cant = {} }) => {
  let server: Running
  beforeAll(async () => {
    server = await run(name, HEARTBEAT_MS)
  })
  afterAll(() => server.stop())

  // A seam: their keys. The last stops the server.
  for (const feat of Object.keys(FEATS) as Feat[]) {
    const [what, test] = FEATS[feat]
    const limit = cant[feat]
    it(limit ? `${what}: no, ${limit[0]}` : what, async () => {
      await expect((limit?.[1] ?? test)(server)).resolves.toBeUndefined()
      results.set(`${name} ${feat}`, limit ? 'no' : 'yes')
    })
  }
})

it('the table in ../README.md says what was seen; UPDATE=1 writes it', () => {
  const file = new URL('../README.md', import.meta.url)
  const text = readFileSync(file, 'utf8')
  const written = text.replace(/(?<=<!-- servers -->\n)[^]*(?=<!-- \/servers -->)/, table())
  if (process.env['UPDATE']) writeFileSync(file, written)
  expect(written).toContain(table())
  expect(process.env['UPDATE'] ? written : text).toBe(written)
})

function table(): string {
  const servers = Object.keys(SERVERS)
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`
  const cell = (name: string, feat: string) => results.get(`${name} ${feat}`) ?? 'failed'
  const rows = Object.entries(FEATS).map(([feat, [what]]) => row([what, ...servers.map((name) => cell(name, feat))]))
  const limits = Object.entries(SERVERS).flatMap(([name, { cant = {} }]) =>
    // A seam: their keys.
    Object.entries(cant).map(([feat, [reason]]) => `\n\`${name}\`, ${FEATS[feat as Feat][0]}: ${reason}.\n`),
  )
  return [row(['', ...servers.map((name) => `\`${name}\``)]), row(['---', ...servers.map(() => '---')]), ...rows, ...limits].join('')
}

/** A connection that the test's end closes. */
async function connect(server: Running, lastEventId?: string): Promise<Reading> {
  const reading = await read(server.url, lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId })
  onTestFinished(() => reading.leave())
  return reading
}

// A seam: so is what these tests publish.
const tickOf = ({ events }: Reading) => events.map(({ data }) => (JSON.parse(data) as { count: number }).count)

async function opens(server: Running): Promise<void> {
  const { response, events } = await connect(server)
  const of = (name: string) => response.headers.get(name)
  expect([response.status, of('content-type'), of('cache-control'), of('x-accel-buffering'), of('content-encoding')]).toEqual([
    200,
    'text/event-stream',
    'no-cache, no-transform',
    'no',
    null,
  ])
  expect([events, of('last-event-id')]).toEqual([[], null])
  const compressed = await read(server.url, { 'Accept-Encoding': 'gzip, br' })
  compressed.leave()
  expect(compressed.response.headers.get('content-encoding')).toBe(null)
}

async function beats(server: Running): Promise<void> {
  const { comments, events } = await connect(server)
  const start = performance.now()
  await vi.waitFor(() => expect(comments.length).toBeGreaterThan(3), { timeout: 5_000 })
  // The first is the opening; three more take three intervals.
  expect(performance.now() - start).toBeGreaterThan(HEARTBEAT_MS * 2)
  expect(events).toEqual([])
}

async function names(server: Running): Promise<void> {
  const clients = await Promise.all([connect(server), connect(server)])
  await settledReaders(server, 2)
  const ids = [await server.publish('tick', { count: 1 }), await server.publish('alert', { title: 'a\nb\r\ndata: c' })]
  for (const { events } of clients) {
    await vi.waitFor(() => expect(events).toHaveLength(2))
    expect(events.map(({ type, lastEventId }) => [type, lastEventId])).toEqual([['tick', ids[0]], ['alert', ids[1]]])
    expect(JSON.parse(events[1]?.data ?? '')).toEqual({ title: 'a\nb\r\ndata: c' })
  }
}

async function refuses(server: Running): Promise<void> {
  const reading = await connect(server)
  await settledReaders(server, 1)
  const bad = [{ type: 'tick\ndata: forged\n\n', data: 1 }, { type: 'nothing', data: 1 }, { type: 'tick' }, 7, null]
  const answers = await Promise.all(bad.map(async (body) => (await post(server.url, JSON.stringify(body))).status))
  expect(answers).toEqual(bad.map(() => 400))
  await server.publish('tick', { count: 5 })
  await vi.waitFor(() => expect(tickOf(reading)).toEqual([5]))
}

async function goesOn(server: Running): Promise<void> {
  await survives(server.url, ['/events', '/elsewhere'])
  await server.publish('tick', { count: 6 })
}

async function replays(server: Running): Promise<void> {
  const first = await server.publish('tick', { count: 1 })
  for (const count of [2, 3]) await server.publish('tick', { count })
  const reading = await connect(server, first)
  await vi.waitFor(() => expect(tickOf(reading)).toEqual([2, 3]))
  const last = await server.publish('tick', { count: 4 })
  await vi.waitFor(() => expect(tickOf(reading)).toEqual([2, 3, 4]))
  expect(reading.response.headers.get('last-event-id')).toBe(first)
  expect(reading.response.headers.get('access-control-expose-headers')).toMatch(/\bLast-Event-ID\b/i)
  expect(reading.response.headers.get('access-control-allow-origin')).toBe('*')
  // Nothing is left to replay: it goes on after the newest.
  const newest = await connect(server, last)
  await server.publish('tick', { count: 5 })
  await vi.waitFor(() => expect(tickOf(newest)).toEqual([5]))
  const preflight = await fetch(server.url, {
    method: 'OPTIONS',
    headers: { Origin: 'http://elsewhere', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'last-event-id' },
  })
  expect(preflight.ok).toBe(true)
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bLast-Event-ID\b/i)
}

async function tellsGone(server: Running): Promise<void> {
  const old = await server.publish('tick', { count: 0 })
  for (let count = 1; count <= 501; count += 1) await server.publish('tick', { count })
  for (const id of [old, 'another-1', 'π', old.replace(/\d+$/, '999999')]) {
    const { response } = await connect(server, Buffer.from(id).toString('latin1'))
    expect([id, response.status, response.headers.get('access-control-allow-origin')]).toEqual([id, 410, '*'])
  }
}

async function resumes(server: Running): Promise<void> {
  const resumptions: unknown[] = []
  const counts: number[] = []
  const connections: AbortController[] = []
  // A seam: the transport calls it so.
  const breaking = ((input: string, init: RequestInit) => {
    const broken = new AbortController()
    connections.push(broken)
    return fetch(input, { ...init, signal: AbortSignal.any([broken.signal, ...(init.signal ? [init.signal] : [])]) })
  }) as typeof fetch
  const events = openSSE(ops, {
    url: server.url,
    transport: fetchTransport({ fetch: breaking }),
    retry: { baseMs: 1 },
    onResume: (resumption) => resumptions.push(resumption),
  })
  const before = (await server.stats())['readers'] ?? 0
  const heard = (async () => {
    for await (const { type, data } of events) {
      if (type !== 'tick') continue
      counts.push(data.count)
      if (data.count === 1) {
        connections[0]?.abort()
        await server.publish('tick', { count: 2 })
      }
      if (data.count === 3) break
    }
  })()
  await vi.waitFor(async () => expect((await server.stats())['readers']).toBeGreaterThan(before))
  await server.publish('tick', { count: 1 })
  await vi.waitFor(() => expect(counts).toEqual([1, 2]), { timeout: 5_000 })
  await server.publish('tick', { count: 3 })
  await heard
  expect([counts, connections.length, resumptions]).toEqual([[1, 2, 3], 2, [{ resumed: true, gapPossible: false }]])
}

async function cleansUp(server: Running): Promise<void> {
  await settledReaders(server, 0)
  const before = await server.stats()
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connect(server)))
  await settledReaders(server, CLIENTS)
  await server.publish('tick', { count: 1 })
  await vi.waitFor(() => expect(clients.every(({ events }) => events.length === 1)).toBe(true), { timeout: 10_000 })
  for (const client of clients) client.leave()
  await vi.waitFor(
    async () => {
      const { readers, waiting, timers = 0 } = await server.stats()
      expect([readers, waiting]).toEqual([0, 0])
      expect(timers).toBeLessThanOrEqual((before['timers'] ?? 0) + 1)
    },
    { timeout: 15_000, interval: 100 },
  )
}

async function shutsDown(server: Running): Promise<void> {
  const clients = await Promise.all(Array.from({ length: 8 }, () => connect(server)))
  await vi.waitFor(async () => expect((await server.stats())['readers']).toBeGreaterThanOrEqual(8))
  const { code } = await server.stop()
  const ends = await Promise.all(clients.map(({ over }) => over))
  expect([code, new Set(ends)]).toEqual([0, new Set(['ended'])])
  const retries = clients.map(({ retries: all }) => all.at(-1) ?? 0)
  expect(new Set(retries).size).toBeGreaterThan(4)
  for (const ms of retries) expect(ms).toBeGreaterThanOrEqual(1_000)
}

async function breaksOff(server: Running): Promise<void> {
  const clients = await Promise.all([connect(server), connect(server)])
  await vi.waitFor(async () => expect((await server.stats())['readers']).toBeGreaterThanOrEqual(2))
  await server.stop()
  const ends = await Promise.all(clients.map(({ over }) => over))
  expect([ends, clients.map(({ retries }) => retries)]).toEqual([['broke', 'broke'], [[], []]])
}

/** So many read, those of earlier tests gone. */
async function settledReaders(server: Running, readers: number): Promise<void> {
  await vi.waitFor(async () => expect((await server.stats())['readers']).toBe(readers), { timeout: 15_000, interval: 20 })
}
