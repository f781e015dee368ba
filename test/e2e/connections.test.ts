import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Browser } from 'playwright'
import { chromium } from 'playwright'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.ts'

const at = (path: string) => join(import.meta.dirname, path)

let browser: Browser
let script: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-tabs-'))
  const build = await rolldown({
    input: at('tabs-page.ts'),
    platform: 'browser',
    logLevel: 'silent',
    resolve: { alias: { 'eventwire/core': at('../../src/core.ts') } },
    transform: { define: { 'process.env.NODE_ENV': '"development"' } },
  })
  await build.write({ file: join(folder, 'page.js'), format: 'iife' })
  await build.close()
  script = await readFile(join(folder, 'page.js'), 'utf8')
  await rm(folder, { recursive: true })
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
})
afterAll(() => browser.close())

/** What the servers of both versions have in common. */
interface Answer {
  statusCode: number
  setHeader(name: string, value: string): unknown
  write(text: string): boolean
  end(text: string): unknown
}

/** Answers every stream at once, and never ends one. */
function answer(request: Readable & { readonly url?: string | undefined }, response: Answer) {
  const [path = ''] = (request.url ?? '').split('?')
  const types: Record<string, string> = { '/page.js': 'text/javascript', '/': 'text/html' }
  response.statusCode = 200
  response.setHeader('Content-Type', types[path] ?? 'text/event-stream')
  if (path === '/echo') void text(request).then((body) => response.end(`data: ${body}\n\n`))
  else if (path === '/events') response.write(': hello\n\n')
  else response.end(path === '/' ? '<!doctype html><script src="/page.js"></script>' : script)
}

async function listen(server: Server, scheme: string): Promise<string> {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return `${scheme}://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

/** A server over HTTP/1.1, and how many connections it ever had at once. */
async function serve() {
  let now = 0
  const connections = { most: 0 }
  const server = createServer((request, response) => answer(request, response))
  server.on('connection', (socket) => {
    connections.most = Math.max(connections.most, ++now)
    socket.on('close', () => now--)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: await listen(server, 'http'), connections }
}

/** The same over HTTP/2, and its sessions: a connection each. */
async function serveHTTP2() {
  const sessions = new Set<ServerHttp2Session>()
  const server = createSecureServer({ key: readFileSync(at('certificate/key.pem')), cert: readFileSync(at('certificate/cert.pem')) }, (request, response) =>
    answer(request, response),
  )
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  onTestFinished(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return { origin: await listen(server, 'https'), sessions }
}

/** Opens so many tabs with so many streams each; gives how many have been answered, and what they say. */
async function open(origin: string, tabs: number, streams: number) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  onTestFinished(() => context.close())
  const said: string[] = []
  const pages = await Promise.all(
    Array.from({ length: tabs }, async () => {
      const page = await context.newPage()
      page.on('console', (message) => said.push(message.text()))
      // The page itself may wait for a connection.
      void page.goto(`${origin}/?streams=${streams}`, { waitUntil: 'commit' }).catch(() => {})
      return page
    }),
  )
  const answered = async () => {
    const counts = await Promise.all(pages.map((page) => page.evaluate(() => window.eventwireOpen ?? 0).catch(() => 0)))
    return counts.reduce((sum, count) => sum + count, 0)
  }
  return { answered, said, pages }
}

describe('the connections that a browser opens to one origin', () => {
  it('over HTTP/1.1 ten tabs with a stream each: six are answered, the others wait without end', async () => {
    const { origin, connections } = await serve()
    const { answered, pages } = await open(origin, 10, 1)
    await expect.poll(answered, { timeout: 10_000 }).toBe(6)
    expect(connections.most).toBe(6)
    // One that closes lets the next have its connection, and no more than that.
    for (const page of pages) {
      if ((await page.evaluate(() => window.eventwireOpen ?? 0).catch(() => 0)) === 0) continue
      await page.close()
      break
    }
    await expect.poll(answered, { timeout: 10_000 }).toBe(6)
  })

  it('over HTTP/2 all ten are answered, over one connection', async () => {
    const { origin, sessions } = await serveHTTP2()
    const { answered } = await open(origin, 10, 1)
    await expect.poll(answered, { timeout: 10_000 }).toBe(10)
    expect(sessions.size).toBe(1)
  })

  it('seven streams of one page over HTTP/1.1: development says why the seventh is not answered', async () => {
    const { said } = await open((await serve()).origin, 1, 7)
    await vi.waitFor(() => expect(said).toEqual([expect.stringMatching(/has not answered a stream for 5 s while 6 others to it are open.*HTTP\/2/)]), 15_000)
  })

  it('and over HTTP/2 there is nothing to say', async () => {
    const { origin } = await serveHTTP2()
    const { answered, said } = await open(origin, 1, 7)
    await expect.poll(answered, { timeout: 10_000 }).toBe(7)
    expect(said).toEqual([])
  })

  it('a body that is a stream goes over HTTP/2', async () => {
    const { origin } = await serveHTTP2()
    const [page] = (await open(origin, 1, 0)).pages
    await page?.waitForFunction(() => window.eventwirePost)
    expect(await page?.evaluate(() => window.eventwirePost?.('a stream of π'))).toBe('a stream of π')
  })
})
