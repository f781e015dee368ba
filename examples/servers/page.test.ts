/** The page beside a server, in Chromium, from another origin: as `npm run examples -- node` shows it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright'
import { expect, it, onTestFinished } from 'vitest'
import { chromiumArgs, chromiumPath } from '../../test/chromium.ts'
import { post } from './running.ts'

it('shows what is published, and goes on when the server comes back', async () => {
  const { page: address, url, stop } = await show(0)
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(address)
  await page.getByText(/^tick \d/).first().waitFor()
  await page.getByRole('button', { name: 'Publish an alert' }).click()
  await page.getByText('alert Disk full').waitFor()
  expect((await post(url, JSON.stringify({ type: 'alert', data: { title: 'From elsewhere' } }))).status).toBe(201)
  await page.getByText('alert From elsewhere').waitFor()
  expect(await page.getByRole('status').textContent()).toBe('open, 2 alerts')

  // The server ends as planned: the page says when it will try again, and is not alarmed.
  await stop()
  await page.getByText(/^reconnecting until/).waitFor()
  await show(Number(new URL(url).port))
  // What was folded from another life of the server is gone: its ids are too old.
  await page.getByText(/^open/).waitFor()
  await page.getByText(/^tick \d/).first().waitFor()
  expect(await page.getByText('alert Disk full').count()).toBe(0)
  expect(problems).toEqual([])
}, 60_000)

/** Starts a server, its ticks and its page. */
async function show(port: number): Promise<{ url: string; page: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['start.ts', 'node', '--port', String(port)], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  onTestFinished(stop)
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    const [found = ''] = /http:\S+/.exec(line) ?? []
    if (url && found) return { url, page: found, stop }
    url = found
  }
  throw new Error('It ended before it showed a page')
}
