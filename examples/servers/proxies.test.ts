/** What lies between a page and its server, as people have it: whether it holds a stream back, and whether development says so. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createServer as createVite } from 'vite'
import { run } from './running.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

const PLAIN = { 'Content-Type': 'text/event-stream' }
const SAFE = { ...PLAIN, 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' }

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** What outlives a test. */
const closing: (() => void)[] = []

async function listen(handler: Handler, forOne = true): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  if (forOne) onTestFinished(close)
  else closing.push(close)
  await new Promise((resolve) => server.once('listening', resolve))
  // A seam: it listens to TCP.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Beats and counts, a thousand times a second: what can't be compressed, so that a buffer fills as it would in hours. */
const counts = (headers: Readonly<Record<string, string>>): Handler => (_, response) => {
  response.writeHead(200, headers)
  let id = 0
  const timer = setInterval(() => response.write(++id % 5 ? `id: ${id}\ndata: "${randomBytes(50).toString('hex')}"\n\n` : ': beat\n\n'), 1)
  response.on('close', () => clearInterval(timer))
}

/** As browsers ask: with what they can decompress. */
const throughCompression = (handler: Handler, options?: object): Handler => {
  // A seam: it has no types. It is npm's `compression`, as Next.js carries it.
  const compression = createRequire(import.meta.url)('next/dist/compiled/compression') as (options?: object) => (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  const middleware = compression(options)
  return (request, response) => middleware(request, response, () => handler(request, response))
}

async function throughVite(target: string): Promise<string> {
  const vite = await createVite({ configFile: false, logLevel: 'silent', root: import.meta.dirname, server: { port: 0, host: '127.0.0.1', proxy: { '/events': target } } })
  await vite.listen()
  onTestFinished(() => vite.close())
  const address = vite.httpServer?.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

/** An app of its own whose `rewrites` lead to servers, in development as `next dev` runs it: there is one in a process. */
const nextApp = { origin: '', close: async () => {} }

beforeAll(async () => {
  process.env['NEXT_TELEMETRY_DISABLED'] = '1'
  const [plain, safe] = [await listen(counts(PLAIN), false), await listen(counts(SAFE), false)]
  const dir = mkdtempSync(join(import.meta.dirname, '.next-rewrites-'))
  mkdirSync(join(dir, 'app'))
  writeFileSync(join(dir, 'app/layout.js'), 'export default ({ children }) => children\n')
  writeFileSync(join(dir, 'app/page.js'), 'export default () => null\n')
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  const rules = Object.entries({ plain, safe }).map(([name, target]) => ({ source: `/${name}/events`, destination: `${target}/events` }))
  writeFileSync(join(dir, 'next.config.js'), `export default { rewrites: async () => ${JSON.stringify(rules)}, turbopack: { root: '/' } }\n`)
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(dir, 'node_modules'))
  const { default: next } = await import('next')
  const app = next({ dev: true, dir, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  nextApp.origin = await listen((request, response) => void handle(request, response), false)
  nextApp.close = async () => {
    await app.close()
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  }
})
afterAll(async () => {
  for (const close of closing.splice(0)) close()
  await nextApp.close()
})

/** What development says of a stream, twenty times as fast as the wall; and how long after it opened the first event came. */
async function watch(origin: string, ms = 2_500) {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { createSSEClient: create } = await import('eventwire/core')
  const { systemClock } = await import('../../src/protocol/clock.js')
  const start = Date.now()
  const clock = { ...systemClock, now: () => start + (Date.now() - start) * 20 }
  let events = 0
  const leave = create({ clock }).subscribe(`${origin}/events`, { onMessage: () => events++ })
  const said = () => warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('buffers the stream'))
  const until = Date.now() + ms
  while (said().length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  leave()
  return { said: said(), events }
}

describe('what holds a stream back, and is told of', () => {
  it('a middleware that compresses', async () => {
    const { said } = await watch(await listen(throughCompression(counts(PLAIN))), 15_000)
    expect(said).toEqual([expect.stringMatching(/buffers the stream/)])
  })

  it('rewrites of Next.js, which compress what the server does not forbid', async () => {
    const { said } = await watch(`${nextApp.origin}/plain`, 20_000)
    expect(said).toEqual([expect.stringMatching(/buffers the stream/)])
  }, 60_000)
})

describe('what does not, and nothing is said', () => {
  it.each<[string, () => Promise<string>]>([
    ['nothing between', () => listen(counts(PLAIN))],
    ['the proxy of Vite', async () => throughVite(await listen(counts(PLAIN)))],
    ['a middleware that compresses, where the server forbids it', () => listen(throughCompression(counts(SAFE)))],
    ['the proxy of Vite, and behind it one that compresses', async () => throughVite(await listen(throughCompression(counts(SAFE))))],
    ['rewrites of Next.js, where the server forbids to transform', async () => `${nextApp.origin}/safe`],
    ['a proxy that pipes', async () => {
      const target = new URL(await listen(counts(SAFE)))
      return listen((request, response) => {
        const passed = ask({ host: target.hostname, port: target.port, path: request.url, headers: request.headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        })
        response.on('close', () => passed.destroy())
        passed.on('error', () => response.destroy())
        passed.end()
      })
    }],
  ])('%s', async (_, start) => {
    const { said, events } = await watch(await start())
    expect(said).toEqual([])
    expect(events).toBeGreaterThan(100)
  }, 60_000)

  it('Vite passes each event on by itself: none waits for the next', async () => {
    let send: (text: string) => void = () => {}
    const origin = await throughVite(
      await listen((_, response) => {
        response.writeHead(200, PLAIN)
        send = (text) => void response.write(text)
        send(': hello\n\n')
      }),
    )
    const { createSSEClient } = await import('eventwire/core')
    const data: unknown[] = []
    const reader = createSSEClient().subscribe(`${origin}/events`, { onMessage: (one) => data.push(one) })
    await vi.waitFor(() => expect(reader.getSnapshot().status).toBe('open'))
    for (let count = 1; count <= 50; count++) {
      send(`data: ${count}\n\n`)
      await vi.waitFor(() => expect(data).toHaveLength(count))
    }
    reader()
  })

  it.each(['node', 'express', 'express-better-sse', 'fastify', 'hono'])('the example `%s`, with a tick now and then and heartbeats between', async (name) => {
    const server = await run(name, 100)
    onTestFinished(() => void server.stop())
    const publishing = setInterval(() => void server.publish('tick', { count: 1 }), 300)
    onTestFinished(() => clearInterval(publishing))
    const { said, events } = await watch(new URL(server.url).origin)
    clearInterval(publishing)
    expect(said).toEqual([])
    expect(events).toBeGreaterThan(5)
  })
})
