import type { Page } from 'playwright'
import { chromium } from 'playwright'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startTabs } from '../../examples/tabs/tabs.ts'
import { chromiumArgs, chromiumPath } from '../chromium.ts'

it('the page of tabs: seven of them over one connection, and another goes on when the owner is killed', async () => {
  const { url, server } = await startTabs({ port: 0 })
  onTestFinished(() => server.close())
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  onTestFinished(() => browser.close())
  const context = await browser.newContext()
  const fact = (page: Page, name: string) => page.locator(`dt:text-is("${name}") + dd`).textContent()
  const soon = <T>(holds: () => Promise<T>) => vi.waitFor(holds, { timeout: 10_000, interval: 50 })
  const pages: Page[] = []
  for (let count = 7; count > 0; count--) {
    const page = await context.newPage()
    await page.goto(url)
    pages.push(page)
  }
  const [first, second] = pages
  if (!first || !second) throw new Error('Seven were opened')
  await soon(async () => expect(await fact(second, 'Tabs')).toBe('7'))
  await soon(async () => expect(await fact(second, 'Connections at the server')).toBe('1'))
  await soon(async () => expect(await first.locator('.role').textContent()).toBe('owns the connection'))
  await second.getByRole('button', { name: 'Kill the owner' }).click()
  await soon(async () => expect(await second.locator('li.owner').count()).toBe(1))
  await soon(async () => expect(await fact(second, 'Tabs')).toBe('6'))
  expect(await fact(second, 'Connections at the server')).toBe('1')
  for (const page of pages.slice(1)) expect(await fact(page, 'Lost or doubled here')).toBe('0')
})
