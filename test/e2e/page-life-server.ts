import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** A server that counts, every few ms, and replays from the cursor; and the page that adds up. */
export interface NumbersServer {
  readonly origin: string
  /** The newest number. */
  readonly last: number
  /** Requests for the stream, with the cursor that each carried. */
  readonly cursors: readonly string[]
  close(): Promise<void>
}

const at = (path: string) => join(import.meta.dirname, '../..', path)

async function bundle(file: string): Promise<void> {
  const build = await rolldown({
    input: at('test/e2e/page-life-page.tsx'),
    platform: 'browser',
    logLevel: 'silent',
    resolve: { alias: { 'eventwire/core': at('src/core.ts'), eventwire: at('src/index.ts') } },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  await build.write({ file, format: 'iife' })
  await build.close()
}

export async function serveNumbers(everyMs = 10): Promise<NumbersServer> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-page-'))
  await bundle(join(folder, 'page.js'))
  const script = await readFile(join(folder, 'page.js'))
  await rm(folder, { recursive: true })
  const readers = new Set<ServerResponse>()
  const cursors: string[] = []
  let last = 0
  const write = (response: ServerResponse, id: number) => response.write(`id: ${id}\ndata: ${id}\n\n`)
  const beat = setInterval(() => {
    last++
    for (const reader of readers) write(reader, last)
  }, everyMs)
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path === '/page.js') return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    if (path !== '/events')
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><div id="root"></div>${path === '/' ? '<script src="/page.js"></script>' : ''}`)
    const cursor = String(request.headers['last-event-id'] ?? '')
    cursors.push(cursor)
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (let id = Number(cursor || last) + 1; id <= last; id++) write(response, id)
    response.write(': hello\n\n')
    readers.add(response)
    response.on('close', () => readers.delete(response))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    get last() {
      return last
    },
    cursors,
    close() {
      clearInterval(beat)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
