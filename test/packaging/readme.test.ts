import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createApp } from './app.js'
import { openPage } from './chromium-page.js'

/** The files that the README's quick start gives, by the name in their first line. */
async function quickStart(): Promise<Record<string, string>> {
  const readme = await readFile('README.md', 'utf8')
  const blocks = readme.matchAll(/^```\w+\n\/\/ (\S+)\n([^]*?)^```$/gm)
  return Object.fromEntries(Array.from(blocks, ([, name = '', text = '']) => [name, text]))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

test("the README's quick start, word for word: the first event, and the next ones after its server is back", async () => {
  const files = await quickStart()
  expect(Object.keys(files)).toEqual(['server.js', 'vite.config.ts', 'src/App.tsx'])
  // But for the port, which may be taken here.
  const port = String(await freePort())
  for (const [name, text] of Object.entries(files)) files[name] = text.replaceAll('3000', port)
  const names = ['react', 'react-dom', 'vite', '@vitejs/plugin-react', 'express']
  const packages = Object.fromEntries(names.map((name) => [name, 'node_modules']))
  const app = await createApp('vite', { packages, files })

  const server = await app.serve('server.js')
  const { address } = await app.serve('node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', '0')
  const { page } = await openPage(address)
  const counts = async () => {
    const items = await page.getByRole('listitem').allTextContents()
    return items.map((item) => Number(/\d+/.exec(item)))
  }
  await page.getByText('{"count":1}').waitFor()
  const last = Math.max(...(await counts()))

  await server.stop()
  await page.getByText('Back at').waitFor()
  await app.serve('server.js')
  await expect.poll(async () => Math.max(...(await counts())), { timeout: 30_000 }).toBeGreaterThan(last + 1)
  const [first = 0, ...rest] = await counts()
  expect(rest).toEqual(rest.map((_, index) => first + 1 + index))
})
