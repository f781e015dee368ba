import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Reloads, Tour } from './page-life-tour.ts'

/** A server that counts, every few ms, and replays from the cursor; and the page that adds up. */
export interface NumbersServer {
  readonly origin: string
  /** The newest number. */
  readonly last: number
  /** Requests for the stream, with the cursor that each carried. */
  readonly cursors: readonly string[]
  /** Ends every answer that there is. */
  cut(): void
  /** What the next page says that has come back to itself: see `page-life-tour.ts`. */
  told<T extends Tour | Reloads>(): Promise<T>
  close(): Promise<void>
}

const SCRIPTS: Readonly<Record<string, string>> = {
  '/': '<script src="/page.js"></script>',
  // A page that is left at once was never there: a while passes on either side.
  '/away': '<script>onload = () => setTimeout(() => history.back(), 1000)</script>',
}

const at = (path: string) => join(import.meta.dirname, '../..', path)

async function bundle(file: string): Promise<void> {
  const build = await rolldown({
    input: at('test/e2e/page-life-page.tsx'),
    platform: 'browser',
    logLevel: 'silent',
    resolve: { alias: { 'eventwire/core': at('src/core.ts'), 'eventwire/native': at('src/native.ts'), eventwire: at('src/index.ts') } },
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
  const waiting: ((told: unknown) => void)[] = []
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path === '/last') return void response.end(`${last}`)
    if (path === '/back') {
      const [, told] = (request.url ?? '').split('?')
      response.end()
      return waiting.shift()?.(JSON.parse(decodeURIComponent(told ?? '')))
    }
    if (path === '/page.js') return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    if (path !== '/events')
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><div id="root"></div>${SCRIPTS[path ?? ''] ?? ''}`)
    const [, query] = (request.url ?? '').split('?')
    const cursor = String(request.headers['last-event-id'] ?? new URLSearchParams(query).get('since') ?? '')
    response.on('error', () => {})
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
    cut() {
      for (const reader of readers) reader.destroy()
    },
    // A seam: the page of this very test says so.
    told: <T,>() => new Promise<T>((resolve) => waiting.push((told) => resolve(told as T))),
    close() {
      clearInterval(beat)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
