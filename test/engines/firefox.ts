import { launch } from 'puppeteer-core'
import type { WithTabs } from './browser.ts'
import { executable } from './executable.ts'

/** Firefox without a window, over WebDriver BiDi. */
export async function startFirefox(): Promise<WithTabs> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: executable('firefox-esr'),
    headless: true,
    protocol: 'webDriverBiDi',
    // As users have it: what drives it switches the back/forward cache off.
    extraPrefsFirefox: { 'fission.bfcacheInParent': true, 'browser.sessionhistory.max_total_viewers': 8, 'dom.ipc.processCount.webIsolated': 8 },
  })
  const page = await browser.newPage()
  return {
    open: async (url) => void (await page.goto(url, { waitUntil: 'domcontentloaded' })),
    async openTab(url) {
      const tab = await browser.newPage()
      await tab.goto(url, { waitUntil: 'domcontentloaded' })
      return {
        // A seam: whoever asks knows what it gives.
        evaluate: async <T>(expression: string) => (await tab.evaluate(expression)) as T,
        close: () => tab.close(),
      }
    },
    pid: browser.process()?.pid ?? 0,
    close: () => browser.close(),
  }
}
