import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { json } from 'node:stream/consumers'
import type { World } from '../chaos/world.ts'
import { createWorld } from '../chaos/world.ts'
import { chromiumPath } from '../chromium.ts'
import { CORS, createScripts } from '../transports/scripts.ts'
import { replay } from './replay.ts'
import type { WrittenAnswer } from './script-client.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Origin of the server for tests in the browser, e.g. `http://127.0.0.1:40123`; `/events` is its stream, and a
     * script of answers that is posted to `/scripts` gets a path of its own.
     */
    origin: string
  }
}

/** A real server, on an origin that is not the page's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Says here what to do where there is no browser, before one is started.
  await chromiumPath()

  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  project.provide('origin', `http://127.0.0.1:${port}`)
  return () =>
    new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()))
      server.closeAllConnections()
    })
}

const scripts = createScripts()

/** What streams with a `key` in their query amount to: how many were asked for, and how many are open. */
const stats = new Map<string, { requests: number; open: number }>()

function statsOf(key: string) {
  let entry = stats.get(key)
  if (!entry) stats.set(key, (entry = { requests: 0, open: 0 }))
  return entry
}

/**
 * `GET /stats?key=a` tells of streams with `key=a` in their query.
 *
 * `GET /events?count=3` sends events 1 to 3, from the one after `Last-Event-ID`, and then stays open; with `end` in the
 * query it ends.
 */
function answer(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value)
  if (request.url?.startsWith('/scripts/')) return scripts.answer(request, response)
  if (request.method === 'OPTIONS') return void response.writeHead(204).end()

  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const entry = statsOf(searchParams.get('key') ?? '')
  if (pathname.startsWith('/chaos')) return void chaos(pathname, searchParams).then((answered) => response.end(JSON.stringify(answered)))
  if (pathname === '/stats') return void response.end(JSON.stringify(entry))
  if (pathname === '/scripts') return void addScript(request).then((added) => response.end(added))
  const path = searchParams.get('path') ?? ''
  if (pathname === '/requests') return void response.end(JSON.stringify(scripts.requests(path)))
  if (pathname === '/drop') return void response.end(scripts.drop(path, searchParams.has('reset') ? 'reset' : 'end'))
  if (pathname !== '/events' && pathname !== '/replay') return void response.writeHead(404).end()

  entry.requests++
  entry.open++
  response.once('close', () => entry.open--)
  if (pathname === '/replay') return replay(request, response, searchParams)
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const count = Number(searchParams.get('count') ?? 3)
  for (let id = Number(request.headers['last-event-id'] ?? 0) + 1; id <= count; id++)
    response.write(`id: ${id}\ndata: ${id}\n\n`)
  if (searchParams.has('end')) response.end()
  else response.flushHeaders()
}

const worlds = new Map<string, World>()

/** `/chaos?seed=1&without=a,b` makes a world of faults, `/chaos/end?seed=1` says what was to come of it, and ends it. */
async function chaos(path: string, query: URLSearchParams): Promise<object> {
  const key = String(query)
  const seed = Number(query.get('seed'))
  if (path === '/chaos') {
    const world = await createWorld(seed, query.get('without')?.split('|') ?? [])
    worlds.set(key, world)
    return { url: world.url, count: world.count, names: world.names }
  }
  const world = worlds.get(key)
  if (!world) return { expected: [], open: 0 }
  const expected = world.server.events.slice(0, world.count).map(({ id, data }) => [String(id), data])
  for (let waits = 0; world.server.open > 0 && waits < 300; waits++) await new Promise((resolve) => setTimeout(resolve, 20))
  const { open } = world.server
  world.close()
  worlds.delete(key)
  return { expected, open }
}

async function addScript(request: IncomingMessage): Promise<string> {
  // A seam: only `serve` posts here.
  const answers = (await json(request)) as WrittenAnswer[]
  return scripts.add(
    answers.map(({ chunks, ...rest }) => ({ ...rest, chunks: chunks.map((chunk) => Buffer.from(chunk, 'latin1')) })),
  )
}
