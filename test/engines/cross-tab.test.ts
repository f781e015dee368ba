import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TabState } from '../tabs/tab-page.ts'
import type { TabServer } from '../tabs/tab-server.ts'
import { serveTabs } from '../tabs/tab-server.ts'
import { runTabChaos } from '../tabs/chaos.ts'
import type { DrivenTab } from './browser.ts'
import { busiestWhile } from './descendants.ts'
import { startFirefox } from './firefox.ts'
import type { Tab, TabbedBrowser } from './tabs.ts'
import { startTabs } from './tabs.ts'
import { startWebKit } from './webkit.ts'

let server: TabServer
let browser: TabbedBrowser
/** What shows while the others are hidden. */
let other: Tab

beforeAll(async () => {
  server = await serveTabs()
  // What is hidden is throttled to a timer a minute after five of them: so long no test waits.
  browser = await startTabs(['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10'])
  other = await browser.open('about:blank')
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

type Shown = Pick<TabState, 'first' | 'last' | 'wrong' | 'owner' | 'status' | 'errors'>

const look = (tab: DrivenTab) => tab.evaluate<Shown | undefined>("(({ first, last, wrong, owner, status, errors } = {}) => ({ first, last, wrong, owner, status, errors }))(window.tab)")
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Opens so many, one after the other: the first owns the connection. */
async function open(count: number): Promise<Tab[]> {
  const tabs: Tab[] = []
  onTestFinished(async () => {
    for (const tab of tabs) await tab.close().catch(() => {})
    await vi.waitFor(() => expect(server.open).toBe(0), 5_000)
  })
  for (let left = count; left > 0; left--) {
    const tab = await browser.open(`${server.origin}/`)
    tabs.push(tab)
    await vi.waitFor(async () => expect((await look(tab))?.status).toBe('open'), 5_000)
  }
  return tabs
}

/** Waits until all have what the server has sent by now, nothing of it wrong. */
async function read(tabs: readonly DrivenTab[], withinMs = 2_000): Promise<void> {
  const { last } = server
  for (const tab of tabs)
    await vi.waitFor(async () => expect((await look(tab))?.last).toBeGreaterThanOrEqual(last), { timeout: withinMs, interval: 20 })
  for (const tab of tabs) expect(await look(tab)).toMatchObject({ wrong: 0, status: 'open', errors: [] })
}

async function owns(tab: DrivenTab | undefined, timeout = 2_000): Promise<void> {
  await vi.waitFor(async () => expect(tab && (await look(tab))?.owner).toBe(true), { timeout, interval: 10 })
}

describe('real tabs that share one connection', () => {
  it('the owner is frozen, and so is the one next in line: another goes on at once, and all are exact when they thaw', async () => {
    const [owner, next, third] = await open(3)
    if (!owner || !next || !third) throw new Error('Three were opened')
    await other.show()
    await next.freeze(true)
    await read([third])
    const { length } = server.cursors
    await owner.freeze(true)
    await owns(third)
    await read([third])
    expect(server.cursors.length - length).toBe(1)
    // Longer than what the owner keeps: they close the gap by a connection of their own.
    await wait(5_000)
    await owner.freeze(false)
    await next.freeze(false)
    await read([owner, next, third])
    expect((await look(owner))?.owner).toBe(false)
    await vi.waitFor(() => expect(server.open).toBe(1), 5_000)
  }, 30_000)

  it('the owner is left for the back/forward cache: another goes on, and it hears that one when it comes back', async () => {
    const [owner, next] = await open(2)
    if (!owner || !next) throw new Error('Two were opened')
    await owner.show()
    await owner.evaluate("addEventListener('pageshow', ({ persisted }) => void (window.wasKept = persisted))")
    await owner.navigate(`${server.origin}/elsewhere`)
    await owns(next)
    await wait(1_000)
    await owner.evaluate('history.back()')
    await vi.waitFor(async () => expect(await owner.evaluate('window.wasKept')).toBe(true), 5_000)
    await read([owner, next])
    expect((await look(owner))?.owner).toBe(false)
    expect(server.open).toBe(1)
  }, 20_000)

  it('the process of the owner is stopped for six seconds: the stream is taken from it, and it knows when it wakes', async () => {
    const [owner, next] = await open(2)
    if (!owner || !next) throw new Error('Two were opened')
    const before = await browser.renderers()
    await owner.evaluate('{ const until = performance.now() + 1000; while (performance.now() < until); }')
    const after = await browser.renderers()
    const worked = (pid: number) => (after.get(pid) ?? 0) - (before.get(pid) ?? 0)
    const [pid = 0] = [...after.keys()].sort((one, another) => worked(another) - worked(one))
    await next.show()
    process.kill(pid, 'SIGSTOP')
    onTestFinished(() => void process.kill(pid, 'SIGCONT'))
    const since = Date.now()
    await owns(next, 5_000)
    await read([next])
    await wait(Math.max(0, 6_000 - (Date.now() - since)))
    process.kill(pid, 'SIGCONT')
    await read([owner, next])
    expect((await look(owner))?.owner).toBe(false)
    await vi.waitFor(() => expect(server.open).toBe(1), 5_000)
  }, 30_000)

  it('the owner is hidden for 100 seconds, its timers once a minute: it goes on, and nobody takes the stream from it', async () => {
    const [owner, next] = await open(2)
    if (!owner || !next) throw new Error('Two were opened')
    await next.show()
    expect(await owner.evaluate('document.visibilityState')).toBe('hidden')
    const { length } = server.cursors
    await wait(100_000)
    await read([owner, next])
    expect(await look(owner)).toMatchObject({ owner: true })
    expect(server.cursors).toHaveLength(length)
  }, 120_000)

  it('a tab of its own loses nothing when it was frozen while an event came', async () => {
    const tab = await browser.open(`${server.origin}/?alone`)
    onTestFinished(() => tab.close())
    await read([tab], 5_000)
    await other.show()
    await tab.freeze(true)
    await wait(500)
    await tab.freeze(false)
    await read([tab])
    expect((await look(tab))?.wrong).toBe(0)
  })
})

/** The one that owns the connection, once there is one: a machine that is busy may make another take it. */
async function ownerOf(tabs: readonly DrivenTab[]): Promise<DrivenTab> {
  return vi.waitFor(async () => {
    const owners: DrivenTab[] = []
    for (const tab of tabs) if ((await look(tab))?.owner) owners.push(tab)
    const [owner, ...more] = owners
    if (!owner || more.length > 0) throw new Error(`${owners.length} own it`)
    return owner
  }, 10_000)
}

describe.each([
  ['firefox', startFirefox, 'SIGKILL'],
  // Its driver ends with the first page that crashes.
  ['webkit', startWebKit, 'SIGSTOP'],
] as const)('%s', (_, start, signal) => {
  it('three tabs share one connection; one that comes late has the newest; when the owner is closed, or its process is no more, another goes on, exact', async () => {
    const driven = await start()
    onTestFinished(() => driven.close())
    const tabs: DrivenTab[] = []
    const add = async () => {
      const tab = await driven.openTab(`${server.origin}/`)
      tabs.push(tab)
      await vi.waitFor(async () => expect((await look(tab))?.status).toBe('open'), 10_000)
      return tab
    }
    await add()
    await add()
    await add()
    await read(tabs, 10_000)
    await vi.waitFor(() => expect(server.open).toBe(1), 10_000)
    const latest = await look(tabs[2] ?? (await add()))
    expect(latest?.last).toBeGreaterThan(latest?.first ?? 0)
    const closed = await ownerOf(tabs)
    await closed.close()
    const others = tabs.filter((tab) => tab !== closed)
    const second = await ownerOf(others)
    await read(others, 10_000)
    await vi.waitFor(() => expect(server.open).toBe(1), 10_000)
    const third = others.find((tab) => tab !== second) ?? second
    const pid = await busiestWhile(driven.pid, () => second.evaluate('(() => { const until = performance.now() + 1500; while (performance.now() < until); })()'))
    // Only one that shows judges another.
    expect(await third.evaluate('document.visibilityState')).toBe('visible')
    process.kill(pid, signal)
    await owns(third, 10_000)
    await read([third], 10_000)
    if (signal === 'SIGSTOP') process.kill(pid, 'SIGCONT')
    await vi.waitFor(() => expect(server.open).toBe(1), 10_000)
  }, 60_000)
})

it('ten tabs under random faults: nothing lost, nothing doubled, nobody stuck', async () => {
  const result = await runTabChaos(browser, server, 1, 15_000)
  expect(result).toEqual({ ...result, wrong: 0, stuck: [] })
  expect(result.audits).toBeGreaterThan(5)
}, 60_000)
