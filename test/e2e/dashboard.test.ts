import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startDashboard } from '../../examples/dashboard/dashboard.js'
import { chromiumArgs, chromiumPath } from '../chromium.js'

/** What the page showed at any time, however shortly. */
interface Seen {
  statuses: string[]
  countdowns: string[]
  errors: string[]
}

declare global {
  interface Window {
    seen: Seen
  }
}

let browser: Browser
let dashboard: Awaited<ReturnType<typeof startDashboard>>
const problems: string[] = []

beforeAll(async () => {
  // Twenty samples a second, and an outage of one second instead of ten.
  dashboard = await startDashboard({ port: 0, watch: false, sampleMs: 50, outageMs: 1000, retryMs: 400 })
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await until(() => dashboard.server.stats().clients).toBe(0)
  expect(problems.splice(0)).toEqual([])
})

afterAll(async () => {
  await browser?.close()
  await dashboard?.server.close()
})

const until = <T>(value: () => T) => expect.poll(value, { timeout: 20_000, interval: 20 })
const requests = () => dashboard.server.stats().requests
const status = (page: Page) => page.getByTestId('status').getAttribute('data-status')
const seen = (page: Page) => page.evaluate(() => window.seen)
/** The statuses from the first time it was open. */
const sinceOpen = ({ statuses }: Seen) => statuses.slice(statuses.indexOf('open'))

async function openPage(path = '/', options: BrowserContextOptions = {}, before = () => {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.addInitScript(watch)
  await page.addInitScript(before)
  await page.goto(dashboard.url + path)
  return page
}

async function openDashboard(...how: Parameters<typeof openPage>): Promise<Page> {
  const page = await openPage(...how)
  await until(() => status(page)).toBe('open')
  await until(() => page.getByTestId('cpu').textContent()).toMatch(/^\d+\.\d$/)
  return page
}

/** Runs in the page: fixes the retry jitter at one half, and keeps what is shown too shortly to be polled for. */
function watch() {
  Math.random = () => 0.5
  const kept: Seen = { statuses: [], countdowns: [], errors: [] }
  window.seen = kept
  const keep = (list: string[], value: string | null | undefined) => {
    if (value && list.at(-1) !== value) list.push(value)
  }
  new MutationObserver(() => {
    const at = (id: string) => document.querySelector(`[data-testid="${id}"]`)
    keep(kept.statuses, at('status')?.getAttribute('data-status'))
    keep(kept.countdowns, at('countdown')?.textContent)
    keep(kept.errors, at('error')?.textContent)
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
}

/** The numbers in the ids of the log's rows, newest first. */
async function loggedNumbers(page: Page): Promise<number[]> {
  const ids = await page.getByTestId('log-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')))
  return ids.map((id) => Number(id?.split('-')[1]))
}

/** Every id once, in order, none missing. */
async function expectWholeLog(page: Page, atLeast: number): Promise<void> {
  await until(() => page.getByTestId('log-row').count()).toBeGreaterThanOrEqual(atLeast)
  const numbers = await loggedNumbers(page)
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? NaN) - index))
}

/** Waits until the page shows samples that it had not shown. */
async function expectNewValues(page: Page): Promise<void> {
  const newest = async () => (await loggedNumbers(page))[0] ?? 0
  const before = await newest()
  await until(newest).toBeGreaterThan(before + 5)
}

describe('the dashboard', () => {
  it('shows real numbers, and they move', async () => {
    const page = await openDashboard()
    expect(await page.getByTestId('status').textContent()).toBe('Live')
    for (const name of ['cpu', 'delay']) {
      const value = () => page.getByTestId(name).textContent()
      const first = await value()
      await until(value).not.toBe(first)
    }
    expect(Number(await page.getByTestId('memory').textContent())).toBeGreaterThan(0)
    await expectWholeLog(page, 10)
    expect(await page.getByTestId('error').textContent()).toBe('')
    // The chart has been drawn: its canvas is not of one colour.
    const colours = await page.locator('canvas').evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return new Set(Array.from(data)).size
    })
    expect(colours).toBeGreaterThan(2)
  })

  it('heals after its connection was dropped, and misses nothing', async () => {
    const page = await openDashboard()
    const before = requests()
    // By keyboard, which stays where it was.
    await page.getByRole('button', { name: 'Drop this connection' }).press('Enter')
    await until(requests).toBe(before + 1)
    await until(() => status(page)).toBe('open')
    const shown = await seen(page)
    expect(sinceOpen(shown)).toEqual(['open', 'reconnecting', 'open'])
    expect(shown.countdowns).toEqual(['in 1 s', 'now'])
    expect(shown.errors).toHaveLength(1)
    expect(await page.getByTestId('error').textContent()).toBe('')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('drop')

    await expectNewValues(page)
    await expectWholeLog(page, 20)
    // This was published while nobody was connected, so it came by replay.
    await page.getByLabel('Notices only').check()
    expect(await page.getByTestId('log-row').allTextContents()).toContainEqual(
      expect.stringContaining('A client left, 0 connected'),
    )
  })

  it('says that the server answers 503, counts down, and heals when it is over', async () => {
    const page = await openDashboard()
    await page.getByRole('button', { name: 'Answer 503' }).click()
    await until(async () => (await seen(page)).errors.join()).toContain('503')
    await until(() => status(page)).toBe('open')
    const shown = await seen(page)
    expect(sinceOpen(shown)).toEqual(['open', 'reconnecting', 'open'])
    expect(shown.countdowns.slice(0, 4)).toEqual(['in 1 s', 'now', 'in 1 s', 'now'])
    expect(await page.getByTestId('error').textContent()).toBe('')
    await expectNewValues(page)
    await expectWholeLog(page, 20)
  })

  it('tries at once when asked to', async () => {
    const page = await openDashboard('/', {}, () => {
      // In this page the wait for the next attempt, half of the 400 ms that the server says, never ends by itself.
      const { setTimeout } = window
      Object.assign(window, { setTimeout: (run: () => void, ms = 0) => (ms < 150 ? setTimeout(run, ms) : 0) })
    })
    const before = requests()
    await page.getByTestId('drop').click()
    await page.getByRole('button', { name: 'Retry now' }).click()
    await until(() => status(page)).toBe('open')
    expect(requests()).toBe(before + 1)
    expect(sinceOpen(await seen(page))).toEqual(['open', 'reconnecting', 'open'])
  })

  it('reports a malformed event and stays open', async () => {
    const page = await openDashboard()
    const before = requests()
    await page.getByRole('button', { name: 'Send a malformed event' }).click()
    const error = page.getByTestId('error')
    await until(() => error.getAttribute('data-code')).toBe('invalid-event')
    await until(() => error.textContent()).toBe('')
    const shown = await seen(page)
    expect(shown.errors).toEqual([expect.stringContaining("'metrics' event")])
    expect(sinceOpen(shown)).toEqual(['open'])
    expect(requests()).toBe(before)
    await expectNewValues(page)
    await expectWholeLog(page, 20)
  })

  it('closes and opens by the button, and goes on where it was', async () => {
    const page = await openDashboard()
    await page.getByRole('button', { name: 'Close' }).click()
    await until(() => status(page)).toBe('closed')
    await until(() => dashboard.server.stats().clients).toBe(0)
    expect(await page.getByTestId('drop').getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: 'Open' }).click()
    await until(() => status(page)).toBe('open')
    await expectNewValues(page)
    await expectWholeLog(page, 20)
  })
})

describe('connections', () => {
  it('is one for ten components', async () => {
    const before = requests()
    const page = await openDashboard('/?components=10')
    const readers = () => page.getByTestId('reader').allTextContents()
    await until(readers).toEqual(Array.from({ length: 10 }, () => expect.stringMatching(/^\d+\.\d$/)))
    await page.getByRole('button', { name: 'One more' }).click()
    await until(readers).toHaveLength(11)
    await expectNewValues(page)
    expect(await page.getByTestId('clients').textContent()).toBe('1')
    expect(dashboard.server.stats().clients).toBe(1)
    expect(requests() - before).toBe(1)
  })

  it('is asked for once by each of 20 mounts in StrictMode', async () => {
    const before = requests()
    const page = await openPage('/?strict=20')
    await until(() => page.getByTestId('mounts').getAttribute('data-opened')).toBe('20')
    await until(() => dashboard.server.stats().clients).toBe(1)
    expect(requests() - before).toBe(20)
  })

  it('is gone when the page is', async () => {
    const pages = [await openDashboard(), await openDashboard()]
    expect(dashboard.server.stats().clients).toBe(2)
    await pages[0]?.close()
    await until(() => dashboard.server.stats().clients).toBe(1)
    await pages[1]?.goto('about:blank')
    await until(() => dashboard.server.stats().clients).toBe(0)
  })
})

describe('the layout', () => {
  it.each([
    ['a phone', 'light', 390],
    ['a phone', 'dark', 390],
    ['a desk', 'light', 1280],
  ] as const)('stands still in trouble and has no sideways scrolling: %s, %s', async (_, colorScheme, width) => {
    const page = await openDashboard('/', { colorScheme, viewport: { width, height: 844 } })
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    const boxes = () =>
      page.locator('h1, .note, .card, .plot, .action').evaluateAll((blocks) =>
        blocks.map((block) => {
          const box = block.getBoundingClientRect()
          return [block.className || block.nodeName, box.x, box.y + scrollY, box.width, box.height]
        }),
      )
    const calm = await boxes()
    expect(await overflow()).toBe(0)

    await page.getByTestId('malformed').click()
    await until(() => page.getByTestId('error').getAttribute('data-code')).toBe('invalid-event')
    expect(await boxes()).toEqual(calm)
    await page.getByTestId('outage').click()
    await until(() => page.getByTestId('error').getAttribute('data-code')).toBe('status')
    expect(await boxes()).toEqual(calm)
    expect(await overflow()).toBe(0)
    await until(() => status(page)).toBe('open')
    expect(await boxes()).toEqual(calm)
  })
})
