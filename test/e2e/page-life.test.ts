import type { Browser, Page } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.ts'
import type { NumbersServer } from './page-life-server.ts'
import { serveNumbers } from './page-life-server.ts'

/** Once its cause is over, so long may a page need to be where its server is, in ms. */
const BACK_MS = 2_000

let browser: Browser
let server: NumbersServer

beforeAll(async () => {
  server = await serveNumbers()
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

/** A page in a context of its own, which reads the stream. */
async function open(): Promise<Page> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(`${server.origin}/`)
  await reads(page)
  return page
}

const look = (page: Page) => page.evaluate(() => window.eventwireTest)

/** Waits until the page has all that its server has sent by now, and says how much it got wrong. */
async function reads(page: Page, timeout = BACK_MS) {
  const { last } = server
  await vi.waitFor(async () => expect((await look(page))?.sum.last).toBeGreaterThanOrEqual(Math.max(last, 1)), { timeout, interval: 20 })
  const shown = await look(page)
  const { first = 0, last: end = 0, sum } = shown?.sum ?? {}
  expect(shown?.sum).toEqual({ first, last: end, sum, wrong: 0 })
  expect(sum).toBe(((first + end) * (end - first + 1)) / 2)
  return shown
}

const wait = (page: Page, ms: number) => page.waitForTimeout(ms)

/** The processes of pages that a browser has. */
async function renderers(): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
}

describe('the life of a real page: each time it is back within two seconds, exact', () => {
  it('without a network for three seconds', async () => {
    const page = await open()
    await page.context().setOffline(true)
    await wait(page, 3_000)
    await page.context().setOffline(false)
    expect(await reads(page)).toMatchObject({ status: 'open' })
  })

  it('its process stopped for ten seconds', async () => {
    const page = await open()
    const pids = await renderers()
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    for (const pid of pids) process.kill(pid, 'SIGCONT')
    expect(await reads(page)).toMatchObject({ status: 'open', errors: [] })
  })

  it.each([3_600_000, -3_600_000])('a clock that jumps by %i ms', async (ms) => {
    const page = await open()
    await page.evaluate((offset) => {
      const now = Date.now.bind(Date)
      Date.now = () => now() + offset
    }, ms)
    await wait(page, 500)
    expect(await reads(page)).toMatchObject({ status: 'open' })
    // A break after the jump waits as long as any other.
    await page.context().setOffline(true)
    await wait(page, 300)
    await page.context().setOffline(false)
    expect(await reads(page)).toMatchObject({ status: 'open' })
  })

  it('left while the answer is on its way, 20 times: no error and no snapshot of one', async () => {
    const page = await open()
    for (let turn = 0; turn < 20; turn++) {
      await page.reload({ waitUntil: 'commit' })
      await vi.waitFor(async () => expect(await look(page)).toBeDefined())
    }
    expect(await reads(page)).toMatchObject({ status: 'open', errors: [] })
  })
})

describe('persist: the state is what the server says, however the page ends', () => {
  /** A small generator, so that every run is the same. */
  function random(seed: number) {
    let state = seed
    return (below: number) => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
      return Math.floor((state / 4_294_967_296) * below)
    }
  }

  const seeds = Array.from({ length: Number(process.env['PERSIST_SEEDS'] ?? 4) }, (_, index) => index + 1)
  it.each(seeds)('seed %i', async (seed) => {
    const below = random(seed)
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    let page = await context.newPage()
    const url = `${server.origin}/?persist`
    await page.goto(url)
    const first = (await reads(page))?.sum.first
    // What crashes before anything was written begins anew.
    await vi.waitFor(async () => expect(await page.evaluate(() => localStorage.getItem('eventwire:numbers'))).toContain('first'), 5_000)
    for (let turn = 0; turn < 6; turn++) {
      await wait(page, below(1_500))
      const how = ['reload', 'crash', 'close'][below(3)]
      if (how === 'reload') await page.reload()
      else {
        // A crash writes nothing any more: what was not written yet is asked for again.
        if (how === 'crash') await page.goto('chrome://crash').catch(() => {})
        await page.close()
        page = await context.newPage()
        await page.goto(url)
      }
      const shown = await reads(page)
      expect([shown?.sum.first, shown?.resets]).toEqual([first, 0])
    }
  })
})
