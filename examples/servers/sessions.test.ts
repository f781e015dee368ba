/** Who is logged in by a cookie, or a ticket: over EventSource itself in Chromium, and without a browser. */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { chromiumArgs, chromiumPath } from '../../test/chromium.ts'
import { createSSEClient } from 'eventwire/core'
import { ops } from './events.ts'
import type { OpsEvent } from './events.ts'
import type { EventLog } from './event-log.ts'
import type { RunningServer } from './stream.ts'
import { createEventLog } from './event-log.ts'
import { run } from './running.ts'
import { serve } from './sessions/server.ts'
import { survives } from './strangers.ts'
import { sourceOf } from './this-repository.ts'

let log: EventLog<OpsEvent>
let server: RunningServer
let origin: string
let script: string

beforeAll(async () => {
  log = createEventLog<OpsEvent>(100)
  server = await serve(log, { port: 0, heartbeatMs: 1_000 })
  origin = `http://127.0.0.1:${server.port}`
  const file = join(tmpdir(), `eventwire-sessions-${process.pid}.js`)
  const build = await rolldown({ input: `${import.meta.dirname}/sessions/page.ts`, platform: 'browser', logLevel: 'silent', resolve: { alias: sourceOf } })
  await build.write({ file, format: 'iife' })
  await build.close()
  script = readFileSync(file, 'utf8')
  rmSync(file)
})
afterAll(() => server.stop())

/** A page of the server's, with what `sessions/page.ts` puts there. */
async function open() {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(origin)
  await page.addScriptTag({ content: script })
  return page
}

it('EventSource sends the cookie; a logout ends the stream, and it is refused from then on', async () => {
  const page = await open()
  await page.evaluate(() => fetch('/login', { method: 'POST' }))
  await page.evaluate(() => window.sessionPage.read('cookie'))
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.status())).toBe('open'))
  await log.append({ type: 'tick', data: { count: 1 } })
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.counts)).toEqual([1]))
  await page.evaluate(() => fetch('/logout', { method: 'POST' }))
  // EventSource says no more than that it gave up.
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.errors.at(-1))).toBe('native-closed'), 20_000)
  await vi.waitFor(() => expect(log.readers).toBe(0))
  // Another login, and the page says so: every stream begins anew.
  await page.evaluate(() => fetch('/login', { method: 'POST' }))
  await page.evaluate(() => window.sessionPage.client.reconnectAll())
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.status())).toBe('open'))
}, 60_000)

it('a ticket is asked for before every attempt, and good for one; nothing is lost between', async () => {
  const page = await open()
  await page.evaluate(() => fetch('/login', { method: 'POST' }))
  await page.evaluate(() => window.sessionPage.read('ticket'))
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.status())).toBe('open'))
  await log.append({ type: 'tick', data: { count: 1 } })
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.counts)).toEqual([1]))
  await page.evaluate(() => window.sessionPage.client.reconnectAll())
  await log.append({ type: 'tick', data: { count: 2 } })
  await vi.waitFor(async () => expect(await page.evaluate(() => window.sessionPage.counts)).toEqual([1, 2]))
  expect(await page.evaluate(() => window.sessionPage.tickets.length)).toBe(2)
  const [used] = await page.evaluate(() => window.sessionPage.tickets)
  expect((await fetch(`${origin}/events?ticket=${used}`)).status).toBe(401)
}, 60_000)

it.each([
  ['a bearer token', (session: string) => ({ Authorization: `Bearer ${session}` })],
  ['a cookie', (session: string) => ({ Cookie: `session=${session}` })],
])('%s, revoked while the stream is open over fetch: another is asked for at once, and it goes on from where it was', async (_, sent) => {
  const login = async () => /session=([^;]+)/.exec((await fetch(`${origin}/login`, { method: 'POST' })).headers.get('set-cookie') ?? '')?.[1] ?? ''
  let session = await login()
  const asked: string[] = []
  const counts: number[] = []
  const errors: string[] = []
  const reader = createSSEClient().subscribe(ops, {
    url: `${origin}/events`,
    retry: { baseMs: 50, maxMs: 50 },
    async headers({ reason }) {
      asked.push(reason)
      if (reason === 'unauthorized') session = await login()
      return sent(session)
    },
    onMessage: (data) => counts.push('count' in data ? data.count : NaN),
    onError: ({ code }) => errors.push(code),
  })
  onTestFinished(() => reader())
  await vi.waitFor(() => expect(reader.getSnapshot().status).toBe('open'))
  await log.append({ type: 'tick', data: { count: 1 } })
  await vi.waitFor(() => expect(counts).toEqual([1]))
  // Somebody else ends the session: an administrator, or its owner on another machine.
  await fetch(`${origin}/logout`, { method: 'POST', headers: sent(session) })
  await log.append({ type: 'tick', data: { count: 2 } })
  await vi.waitFor(() => expect(counts).toEqual([1, 2]), 10_000)
  expect(asked).toEqual(['connect', 'reconnect', 'unauthorized'])
  expect(errors).toEqual([])
  expect(reader.getSnapshot().status).toBe('open')
})

it('what no client of ours sends is answered, and ends nothing; nor does it in `users`', async () => {
  const users = await run('users', 1_000)
  onTestFinished(() => void users.stop())
  for (const url of [`${origin}/events`, users.url]) await expect(survives(url, ['/', '/events'])).resolves.toBeUndefined()
})

it('no cookie: 401; a POST from a page of another origin: 403', async () => {
  expect((await fetch(`${origin}/events`)).status).toBe(401)
  expect((await fetch(`${origin}/ticket`, { method: 'POST' })).status).toBe(401)
  expect((await fetch(`${origin}/login`, { method: 'POST', headers: { Origin: 'https://elsewhere.test' } })).status).toBe(403)
})
