import type { Browser, BrowserContext, Page } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.ts'
import type { TabServer } from '../tabs/tab-server.ts'
import { serveTabs } from '../tabs/tab-server.ts'

const soon = <T>(holds: () => T | Promise<T>) => vi.waitFor(holds, { timeout: 10_000, interval: 20 })

let browser: Browser
let server: TabServer

beforeAll(async () => {
  server = await serveTabs()
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const look = (page: Page) => page.evaluate(() => window.tab)

async function contextOf(): Promise<BrowserContext> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  return context
}

async function open(context: BrowserContext, url = server.origin): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await soon(async () => expect((await look(page))?.status).toBe('open'))
  return page
}

async function openMany(count: number, url?: string): Promise<Page[]> {
  const context = await contextOf()
  const pages: Page[] = []
  for (let left = count; left > 0; left--) pages.push(await open(context, url))
  return pages
}

/** Waits until all have what the server has sent by now, nothing of it wrong. */
async function read(pages: readonly Page[], of = server): Promise<void> {
  const { last } = of
  for (const page of pages)
    await soon(async () => expect((await look(page))?.last).toBeGreaterThanOrEqual(last))
  for (const page of pages) expect(await look(page)).toMatchObject({ wrong: 0, status: 'open', errors: [] })
}

async function ownersOf(pages: readonly Page[]): Promise<Page[]> {
  const owners: Page[] = []
  for (const page of pages) if ((await look(page))?.owner) owners.push(page)
  return owners
}

describe('ten tabs', () => {
  it('ask once; when their owner is closed, crashes or is loaded anew another goes on, exact', async () => {
    const before = server.cursors.length
    let pages = await openMany(10)
    await read(pages)
    expect(server.cursors.length - before).toBe(1)
    const context = pages[0]?.context()
    for (const how of ['close', 'crash', 'reload', 'navigate'] as const) {
      const asked = server.cursors.length
      const [owner, ...more] = await ownersOf(pages)
      expect(more).toEqual([])
      if (!owner || !context) throw new Error('Nobody owns it')
      const others = pages.filter((page) => page !== owner)
      if (how === 'close') await owner.close()
      else if (how === 'navigate') await owner.goto(`${server.origin}/elsewhere`)
      else if (how === 'reload') await owner.reload()
      else {
        const session = await context.newCDPSession(owner)
        const crashed = owner.waitForEvent('crash')
        void session.send('Page.crash').catch(() => {})
        await crashed
      }
      await soon(async () => expect(await ownersOf(others)).toHaveLength(1))
      await read(others)
      expect(server.cursors.length - asked).toBe(1)
      // The cursor that it had: nothing was asked for anew.
      expect(Number(server.cursors.at(-1))).toBeGreaterThan(0)
      for (const page of others) expect((await look(page))?.statuses.filter((status) => status !== 'idle')).toEqual(['connecting', 'open'])
      if (how === 'crash') await owner.close()
      pages = how === 'reload' ? pages : [...others, await open(context)]
    }
    await read(pages)
    await soon(() => expect(server.open).toBe(1))
  }, 60_000)

  it('a logout in one ends it in all', async () => {
    const pages = await openMany(3)
    await pages[1]?.evaluate(() => window.tab?.logout())
    for (const page of pages) await soon(async () => expect((await look(page))?.status).toBe('closed'))
    await soon(() => expect(server.open).toBe(0))
  })

  it('two profiles are two connections', async () => {
    const [one, other] = [await openMany(2), await openMany(2)]
    await read([...one, ...other])
    expect(server.open).toBe(2)
  })

  it('a cut is one reconnect', async () => {
    const pages = await openMany(4)
    const { length } = server.cursors
    server.cut()
    await soon(() => expect(server.cursors.length).toBeGreaterThan(length))
    for (const page of pages) await soon(async () => expect((await look(page))?.status).toBe('open'))
    for (const page of pages) expect(await look(page)).toMatchObject({ wrong: 0, errors: ['network'] })
    expect(server.cursors.length - length).toBe(1)
  })

  it('over native: one owner, and a hand-over without a loss', async () => {
    const pages = await openMany(3, `${server.origin}/?native`)
    const [owner] = await ownersOf(pages)
    await owner?.close()
    const others = pages.filter((page) => page !== owner)
    await soon(async () => expect(await ownersOf(others)).toHaveLength(1))
    await read(others)
  })

  it('the renderer of the owner is killed: another goes on, exact', async () => {
    const pages = await openMany(4)
    const [owner] = await ownersOf(pages)
    const others = pages.filter((page) => page !== owner)
    const session = await browser.newBrowserCDPSession()
    const pidOf = async () => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo')
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => ({ id, cpuTime }))
    }
    // The one that works while the owner's page does is its own.
    const before = new Map((await pidOf()).map(({ id, cpuTime }) => [id, cpuTime]))
    await owner?.evaluate(() => {
      const until = performance.now() + 1_000
      while (performance.now() < until);
    })
    const busy = (await pidOf()).sort((a, b) => b.cpuTime - (before.get(b.id) ?? 0) - (a.cpuTime - (before.get(a.id) ?? 0)))[0]
    const gone = owner?.waitForEvent('crash')
    if (busy) process.kill(busy.id, 'SIGKILL')
    await gone
    await soon(async () => expect(await ownersOf(others)).toHaveLength(1))
    await read(others)
  }, 20_000)
})

describe('where it stands on less', () => {
  it('a page without https has no locks: an election, and a hand-over', async () => {
    const host = 'http://insecure.test'
    const other = await chromium.launch({ executablePath: await chromiumPath(), args: [...chromiumArgs, `--host-resolver-rules=MAP insecure.test 127.0.0.1`] })
    onTestFinished(() => other.close())
    const context = await other.newContext()
    const pages: Page[] = []
    for (let left = 3; left > 0; left--) pages.push(await open(context, `${host}:${server.port}/`))
    expect(await pages[0]?.evaluate(() => isSecureContext)).toBe(false)
    await read(pages)
    expect(server.open).toBe(1)
    const [owner] = await ownersOf(pages)
    await owner?.close()
    const others = pages.filter((page) => page !== owner)
    await soon(async () => expect(await ownersOf(others)).toHaveLength(1))
    await read(others)
    expect(server.open).toBe(1)
    // Crashed it says no farewell.
    const [next] = await ownersOf(others)
    if (next) void (await context.newCDPSession(next)).send('Page.crash').catch(() => {})
    const [left] = others.filter((page) => page !== next)
    await soon(async () => expect((await (left && look(left)))?.owner).toBe(true))
    if (left) await read([left])
  }, 30_000)

  it('a strict content security policy changes nothing', async () => {
    const strict = await serveTabs(5, "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'none'")
    onTestFinished(() => strict.close())
    const pages = await openMany(2, strict.origin)
    await read(pages, strict)
    expect(strict.open).toBe(1)
  })
})

it('a burst of 50,000 reaches ten tabs, each event once and in order', async () => {
  const bursts = await serveTabs(null)
  onTestFinished(() => bursts.close())
  const pages = await openMany(10, bursts.origin)
  bursts.burst(1)
  await read(pages, bursts)
  bursts.burst(50_000)
  await read(pages, bursts)
  expect(bursts.cursors).toHaveLength(1)
}, 30_000)
