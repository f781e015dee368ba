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
    // As users have it: what drives it switches the back/forward cache off.
    extraPrefsFirefox: { 'fission.bfcacheInParent': true, 'browser.sessionhistory.max_total_viewers': 8 },
  })
  const page = await browser.newPage()
  return {
    open: async (url) => void (await page.goto(url, { waitUntil: 'domcontentloaded' })),
    close: () => browser.close(),
  }
}
