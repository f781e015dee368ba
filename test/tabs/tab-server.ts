import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** A server that counts at its own pace and replays from the cursor; and the page that reads it. */
export interface TabServer {
  readonly origin: string
  readonly port: number
  /** The newest number. */
  readonly last: number
  /** Requests for the stream, with the cursor that each carried. */
  readonly cursors: readonly string[]
  /** Streams that are open right now, and how many there ever were at once since it was asked last. */
  readonly open: number
  most(): number
  /** Counts so many at once. */
  burst(count: number): void
  /** Ends every answer that there is. */
  cut(): void
  close(): Promise<void>
}

const at = (path: string) => join(import.meta.dirname, '../..', path)

async function bundle(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'eventwire-tabs-'))
  const names = ['core', 'cross-tab', 'native']
  const build = await rolldown({
    input: at('test/tabs/tab-page.ts'),
    platform: 'browser',
    logLevel: 'silent',
    resolve: { alias: Object.fromEntries(names.map((name) => [`eventwire/${name}`, at(`src/${name}.ts`)])) },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  await build.write({ file: join(folder, 'page.js'), format: 'iife' })
  await build.close()
  const script = await readFile(join(folder, 'page.js'))
  await rm(folder, { recursive: true })
  return script
}

/** @param everyMs - between two numbers; `null`: none but bursts */
export async function serveTabs(everyMs: number | null = 5, policy?: string): Promise<TabServer> {
  const script = await bundle()
  const readers = new Set<ServerResponse>()
  const cursors: string[] = []
  let last = 0
  let most = 0
  const textOf = (id: number) => `id: ${id}\ndata: ${id}\n\n`
  const write = (text: string) => readers.forEach((reader) => reader.write(text))
  const beat = everyMs === null ? undefined : setInterval(() => write(textOf(++last)), everyMs)
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://h')
    if (policy) response.setHeader('Content-Security-Policy', policy)
    if (pathname === '/page.js') return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    if (pathname !== '/events')
      return void response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end(`<!doctype html>${pathname === '/' ? '<script src="/page.js"></script>' : ''}`)
    const cursor = String(request.headers['last-event-id'] ?? searchParams.get('since') ?? '')
    cursors.push(cursor)
    response.on('error', () => {})
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...(cursor && { 'Last-Event-ID': cursor }) })
    const first = Number(cursor || last) + 1
    response.write(`: hello\n\n${Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => textOf(first + index)).join('')}`)
    readers.add(response)
    most = Math.max(most, readers.size)
    response.on('close', () => readers.delete(response))
    return undefined
  }).listen(0, '0.0.0.0')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    get last() {
      return last
    },
    cursors,
    get open() {
      return readers.size
    },
    most() {
      const before = most
      most = readers.size
      return before
    },
    burst(count) {
      const from = last + 1
      last += count
      write(Array.from({ length: count }, (_, index) => textOf(from + index)).join(''))
    },
    cut: () => readers.forEach((reader) => reader.destroy()),
    close() {
      clearInterval(beat)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
