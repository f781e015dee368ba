import { launch } from 'puppeteer-core'
import type { Browser } from './browser.ts'
import { executable } from './executable.ts'

/** Firefox without a window, over WebDriver BiDi. */
export async function startFirefox(): Promise<Browser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: executable('firefox-esr'),
    headless: true,
    protocol: 'webDriverBiDi',
  })
  const page = await browser.newPage()
  return {
    open: async (url) => void (await page.goto(url, { waitUntil: 'domcontentloaded' })),
    close: () => browser.close(),
  }
}
