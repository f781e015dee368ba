/**
 * One connection for ten tabs of a real Chromium: what it costs and how fast it is handed over. `npm run bench:tabs`.
 *
 *     npm run bench:tabs -- --rounds 10 --tabs 10
 */
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright'
import { chromium } from 'playwright'
import { chromiumArgs, chromiumPath } from '../test/chromium.ts'
import type { TabServer } from '../test/tabs/tab-server.ts'
import { serveTabs } from '../test/tabs/tab-server.ts'
import { quantile } from './quantile.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' }, tabs: { type: 'string', default: '10' } } })
const rounds = Number(values.rounds)
const count = Number(values.tabs)

const look = (page: Page) => page.evaluate(() => window.tab)
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 1_000; left > 0; left--) {
    if (await holds()) return
    await wait(10)
  }
  throw new Error('It did not come to that')
}

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await until(async () => (await look(page))?.status === 'open')
  return page
}

/** Refuses to tell a figure of a run that lost or doubled something. */
async function check(pages: readonly Page[], server: TabServer): Promise<void> {
  const { last } = server
  for (const page of pages) {
    await until(async () => ((await look(page))?.last ?? 0) >= last)
    const wrong = (await look(page))?.wrong
    if (wrong !== 0) throw new Error(`${wrong} events were lost or doubled`)
  }
}

const line = (what: string, samples: readonly number[]) =>
  console.log(`  ${[0.5, 0.99, 1].map((part) => quantile(samples, part).toFixed(1).padStart(7)).join(' ')}  ${what} (${samples.length})`)

async function ownerOf(pages: readonly Page[]): Promise<Page | undefined> {
  for (const page of pages) if ((await look(page))?.owner) return page
  return undefined
}

/** How much later than the owner every other tab has an event, in ms. */
async function hops(pages: readonly Page[], server: TabServer): Promise<number[]> {
  // While tabs are opened the machine has other things to do.
  await wait(2_000)
  await Promise.all(pages.map((page) => page.evaluate(() => window.tab && (window.tab.at = {}))))
  await wait(5_000)
  await check(pages, server)
  const owner = await ownerOf(pages)
  const first = owner && (await look(owner))?.at
  const samples: number[] = []
  for (const page of pages) {
    if (page === owner) continue
    for (const [id, at] of Object.entries((await look(page))?.at ?? {})) {
      const before = first?.[Number(id)]
      if (before !== undefined) samples.push(at - before)
    }
  }
  return samples
}

/** The longest time between two events that any of the others saw while the owner went, less the server's own pace. */
async function handOver(pages: readonly Page[], go: (owner: Page) => Promise<void>, server: TabServer): Promise<number> {
  const owner = await ownerOf(pages)
  if (!owner) throw new Error('Nobody owns it')
  const others = pages.filter((page) => page !== owner)
  await Promise.all(others.map((page) => page.evaluate(() => window.tab && (window.tab.at = {}))))
  await wait(200)
  await go(owner)
  await until(async () => (await ownerOf(others)) !== undefined)
  await wait(300)
  await check(others, server)
  const gaps = await Promise.all(
    others.map(async (page) => {
      const times = Object.values((await look(page))?.at ?? {})
      return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)))
    }),
  )
  return Math.max(...gaps) - PACE_MS
}

const PACE_MS = 5

const GOING: Readonly<Record<string, (owner: Page) => Promise<void>>> = {
  closed: (owner) => owner.close(),
  async crashed(owner) {
    const session = await owner.context().newCDPSession(owner)
    const crashed = owner.waitForEvent('crash')
    void session.send('Page.crash').catch(() => {})
    await crashed
    await owner.close()
  },
  async reloaded(owner) {
    await owner.reload()
  },
}

async function measure(browser: Browser): Promise<void> {
  const server = await serveTabs(PACE_MS)
  const context = await browser.newContext()
  let pages: Page[] = []
  const asked = server.cursors.length
  for (let left = count; left > 0; left--) pages.push(await open(context, server.origin))
  console.log(`${count} tabs, Chromium ${browser.version()}: ${server.cursors.length - asked} request, ${server.most()} connection at most.`)
  console.log('ms: median, p99, worst')
  line(`from the owner to another tab, at ${1_000 / PACE_MS} events a second`, await hops(pages, server))
  for (const [how, go] of Object.entries(GOING)) {
    const samples: number[] = []
    for (let round = 0; round < rounds; round++) {
      samples.push(await handOver(pages, go, server))
      pages = pages.filter((page) => !page.isClosed())
      while (pages.length < count) pages.push(await open(context, server.origin))
    }
    line(`no event in any tab while the owner is ${how}`, samples)
  }
  await context.close()
  await server.close()
}

async function measureBurst(browser: Browser): Promise<void> {
  const server = await serveTabs(null)
  const context = await browser.newContext()
  const pages: Page[] = []
  for (let left = count; left > 0; left--) pages.push(await open(context, server.origin))
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const since = Date.now()
    server.burst(100_000)
    await check(pages, server)
    rates.push(100_000 / ((Date.now() - since) / 1_000))
  }
  console.log(`${Math.round(quantile(rates, 0.5)).toLocaleString('en')} events a second to all ${count} tabs: 100,000 at once, median of ${rounds}`)
  await context.close()
  await server.close()
}

const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
try {
  await measure(browser)
  await measureBurst(browser)
} finally {
  await browser.close()
}
