import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.js'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

let folder: string
let browser: Browser
/** Where it lies: a folder of its host, as on GitHub Pages. */
let home: string
/** What pages asked of others, or in vain. */
const missing: string[] = []

/** A host that does nothing but hand out files. */
const host = createServer(async ({ url = '' }, response) => {
  const path = new URL(url, 'http://localhost').pathname.replace(/^\/eventwire\//, '').replace(/^$/, 'index.html')
  try {
    const file = await readFile(join(folder, path))
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file)
  } catch {
    missing.push(url)
    response.writeHead(404).end()
  }
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eventwire-storybook-'))
  const script = resolve('node_modules/storybook/dist/bin/dispatcher.js')
  await promisify(execFile)(process.execPath, [script, 'build', '--quiet', '--output-dir', folder], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening))
  // A seam: it listens on a port.
  home = `http://127.0.0.1:${(host.address() as AddressInfo).port}/eventwire/`
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
})

afterAll(async () => {
  await browser?.close()
  host.closeAllConnections()
  host.close()
  await rm(folder, { recursive: true, force: true })
})

/** A page that reaches nobody but the host. */
async function openPage(path: string): Promise<Page> {
  const page = await browser.newPage()
  await page.route(
    (url) => !url.href.startsWith(home),
    (route) => {
      missing.push(route.request().url())
      return route.abort()
    },
  )
  await page.goto(home + path)
  return page
}

test('the built Storybook opens from a folder of a static host', async () => {
  const page = await openPage('')
  await page.getByText('The life of a connection').waitFor()
  await page.frameLocator('#storybook-preview-iframe').getByText('Live', { exact: true }).waitFor()
  await page.close()
  expect(missing).toEqual([])
})

test("every story plays to its end there, over React's production build", async () => {
  const index: unknown = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'))
  // A seam: Storybook wrote it.
  const { entries } = index as { entries: Record<string, { id: string; type: string }> }
  const stories = Object.values(entries).filter(({ type }) => type === 'story')
  expect(stories.length).toBeGreaterThan(5)
  for (const { id } of stories) {
    const page = await openPage(`iframe.html?id=${id}&viewMode=story`)
    const finished = await page.waitForFunction(() => {
      // A seam: the channel on which Storybook tells of everything.
      const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as {
        __STORYBOOK_ADDONS_CHANNEL__?: { last(event: string): [{ status?: string; message?: string }] | undefined }
      }
      const [end] = channel?.last('storyFinished') ?? []
      // Its status tells of accessibility and of errors outside; the play function's own come by themselves.
      return end && { status: end.status, thrown: channel?.last('playFunctionThrewException')?.[0].message }
    })
    expect([id, await finished.jsonValue()]).toEqual([id, { status: 'success' }])
    await page.close()
  }
  expect(missing).toEqual([])
})
