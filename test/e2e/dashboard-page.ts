import type { Browser, BrowserContextOptions, Page, Request } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { startDashboard } from '../../examples/dashboard/dashboard.js'
import type { DashboardOptions } from '../../examples/dashboard/dashboard.js'
import type { Feed } from '../../examples/dashboard/feed.js'
import { chromiumArgs, chromiumPath } from '../chromium.js'

/** What the page showed at any time, however shortly. */
export interface Seen {
  statuses: string[]
  countdowns: string[]
  errors: string[]
  /** The colours of the note. */
  tones: string[]
  /** Whether a reconnect was shown as planned. */
  planned: string[]
  /** What a screen reader was given to say. */
  announcements: string[]
}

declare global {
  interface Window {
    seen: Seen
    /** Adds what is shown now to what was seen. */
    look: () => void
  }
}

/** Waits for a value; a page that came to nothing fails here. */
export const until = <T>(value: () => T) => expect.poll(value, { timeout: 20_000, interval: 20 })
export const status = (page: Page) => page.getByTestId('status').getAttribute('data-status')
export const seen = (page: Page) => page.evaluate(() => window.seen)
/** The statuses from the first time it was open. */
export const sinceOpen = ({ statuses }: Seen) => statuses.slice(statuses.indexOf('open'))

/**
 * A dashboard and a browser for the tests of one file. After each test its pages are closed, and no stream is left;
 * with `keep` that is the tests' own business.
 */
export function dashboardPages({ keep = false, ...changes }: DashboardOptions & { keep?: boolean } = {}) {
  // Twenty samples a second, an outage of one second instead of ten, a silence of little more than it takes to notice.
  const options = { port: 0, watch: false, sampleMs: 50, outageMs: 1000, silenceMs: 3500, retryMs: 400, ...changes }
  let browser: Browser
  let dashboard: Awaited<ReturnType<typeof startDashboard>>
  const problems: string[] = []

  beforeAll(async () => {
    dashboard = await startDashboard(options)
    browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  })

  afterAll(async () => {
    await browser?.close()
    await dashboard?.server.close()
  })

  afterEach(async () => {
    if (!keep) {
      for (const context of browser.contexts()) await context.close()
      await until(() => dashboard.server.stats().connections).toBe(0)
    }
    expect(problems.splice(0)).toEqual([])
  })

  async function openPage(
    path = '/',
    context: BrowserContextOptions = {},
    before = () => {},
    onRequest: (request: Request) => void = () => {},
  ): Promise<Page> {
    const opened = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...context })
    const page = await opened.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('request', onRequest)
    await page.addInitScript(watch)
    await page.addInitScript(before)
    await page.goto(dashboard.url + path)
    return page
  }

  return {
    stats: () => dashboard.server.stats(),
    requests: () => dashboard.server.stats().requests,
    openPage,
    async openDashboard(...how: Parameters<typeof openPage>): Promise<Page> {
      const page = await openPage(...how)
      await until(() => status(page)).toBe('open')
      await until(() => page.getByTestId('cpu').textContent()).toMatch(/^\d+\.\d$/)
      return page
    },
    /** Ends the server, and starts another on the same port. */
    async restart(feed: Feed, during: () => Promise<void>): Promise<void> {
      const { url } = dashboard
      await dashboard.server.close()
      await during()
      dashboard = await startDashboard({ ...options, feed, port: Number(new URL(url).port) })
      expect(dashboard.url).toBe(url)
    },
  }
}

/** Runs in the page: fixes the retry jitter at one half, and keeps what is shown too shortly to be polled for. */
function watch() {
  Math.random = () => 0.5
  const kept: Seen = { statuses: [], countdowns: [], errors: [], tones: [], planned: [], announcements: [] }
  window.seen = kept
  const keep = (list: string[], value: string | null | undefined) => {
    if (value && list.at(-1) !== value) list.push(value)
  }
  window.look = () => {
    const at = (id: string) => document.querySelector(`[data-testid="${id}"]`)
    const pill = at('status')
    keep(kept.statuses, pill?.getAttribute('data-status'))
    if (pill?.getAttribute('data-status') === 'reconnecting') keep(kept.planned, pill.getAttribute('data-planned'))
    keep(kept.countdowns, at('countdown')?.textContent)
    keep(kept.errors, at('error')?.textContent)
    keep(kept.tones, at('note')?.getAttribute('data-tone'))
    keep(kept.announcements, at('announcement')?.textContent)
  }
  const all = { subtree: true, childList: true, characterData: true, attributes: true }
  new MutationObserver(window.look).observe(document, all)
}

/** Forgets what the page showed, but for what it shows now. */
export const forget = (page: Page) =>
  page.evaluate(() => {
    for (const list of Object.values(window.seen)) list.length = 0
    window.look()
  })

/** The ids of the log's rows, newest first. */
export async function loggedIds(page: Page): Promise<string[]> {
  const ids = await page.getByTestId('log-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')))
  return ids.map(String)
}

const numberOf = (id = '') => Number(id.split('-')[1])

/** Every id once, in order, none missing. */
export async function expectWholeLog(page: Page, atLeast: number): Promise<void> {
  await until(() => page.getByTestId('log-row').count()).toBeGreaterThanOrEqual(atLeast)
  expectWhole(await loggedIds(page))
}

/** Ids of one run of the server, newest first: each once, in order, none missing. */
export function expectWhole(ids: readonly string[]): void {
  const [run] = ids[0]?.split('-') ?? []
  expect(ids).toEqual(ids.map((_, index) => `${run}-${numberOf(ids[0]) - index}`))
}

/** Waits until the page shows samples that it had not shown. */
export async function expectNewValues(page: Page): Promise<void> {
  const newest = async () => numberOf((await loggedIds(page))[0])
  const before = await newest()
  await until(newest).toBeGreaterThan(before + 5)
}
