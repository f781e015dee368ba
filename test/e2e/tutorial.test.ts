import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright'
import { chromium } from 'playwright'
import { createServer as createViteServer } from 'vite'
import type { ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.js'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const until = <T>(value: () => T) => expect.poll(value, { timeout: 30_000, interval: 50 })

let port: number
let vite: ViteDevServer
let browser: Browser
const servers: ChildProcess[] = []

beforeAll(async () => {
  port = await freePort()
  vite = await createViteServer({
    configFile: at('../../examples/tutorial/vite.config.ts'),
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, watch: null },
  })
  await vite.listen()
  // The component names port 3001, which may be taken here: the browser is told where that is.
  const elsewhere = `--host-resolver-rules=MAP localhost:3001 127.0.0.1:${port}`
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...chromiumArgs, elsewhere] })
})

afterAll(async () => {
  await browser?.close()
  await vite?.close()
  for (const server of servers) await kill(server)
})

/** Starts the server's file as it is, in a process of its own, and waits until it listens. */
async function startServer(): Promise<ChildProcess> {
  const server = fork(at('../../examples/tutorial/server.ts'), {
    env: { ...process.env, PORT: `${port}` },
    execArgv: ['--import', at('fast-intervals.ts')],
    silent: true,
  })
  servers.push(server)
  await new Promise<void>((resolve, reject) => {
    server.stdout?.once('data', () => resolve())
    server.once('exit', () => reject(new Error('The server did not start')))
  })
  return server
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

/** How many intervals the server runs: one for every stream it holds open. */
async function intervals(server: ChildProcess): Promise<unknown> {
  const answer = once(server, 'message')
  server.send('intervals?')
  const [count] = await answer
  return count
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const statusOf = (page: Page) => page.getByText(/^Status:/).textContent()
const counts = async (page: Page) => {
  const items = await page.getByRole('listitem').allTextContents()
  return items.map((item) => Number(/Hello number (\d+)/.exec(item)?.[1]))
}

it("the tutorial's component outlives a restart of the tutorial's server", async () => {
  const first = await startServer()
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`http://127.0.0.1:${vite.config.server.port}`)
  await until(() => statusOf(page)).toBe('Status: connected')
  // Ten are shown, the last ten; in StrictMode, too, there is one stream.
  await until(() => counts(page)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(await intervals(first)).toBe(1)

  await kill(first)
  await until(() => statusOf(page)).toBe('Status: disconnected')
  const shown = await counts(page)
  expect(shown).toHaveLength(10)

  const second = await startServer()
  await until(() => statusOf(page)).toBe('Status: connected')
  // It counts from one again, after what was there.
  await until(() => counts(page)).toEqual([...shown.slice(2), 1, 2])
  expect(await intervals(second)).toBe(1)

  await page.close()
  await until(() => intervals(second)).toBe(0)
  expect(problems).toEqual([])
})
