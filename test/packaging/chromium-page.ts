import type { Page } from 'playwright'
import { chromium } from 'playwright'
import { onTestFinished } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.js'

/**
 * Opens a page in a Chromium of its own, until the test is over.
 *
 * @returns the page, and what went wrong in it: what nobody caught, and what its console calls an error
 */
export async function openPage(address: string): Promise<{ page: Page; problems: readonly string[] }> {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(address)
  return { page, problems }
}
