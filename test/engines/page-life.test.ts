import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NumbersServer } from '../e2e/page-life-server.ts'
import { serveNumbers } from '../e2e/page-life-server.ts'
import type { Reloads, Tour } from '../e2e/page-life-tour.ts'
import { startFirefox } from './firefox.ts'
import type { Tab, TabbedBrowser } from './tabs.ts'
import { startTabs } from './tabs.ts'
import { startWebKit } from './webkit.ts'

/** Once its cause is over, so long may a page need to be where its server is, in ms. */
const BACK_MS = 2_000

let server: NumbersServer

beforeAll(async () => {
  server = await serveNumbers()
})
afterAll(() => server.close())

type Shown = { readonly sum: { readonly first: number; readonly last: number; readonly wrong: number }; readonly status: string; readonly errors: readonly string[] }

const look = (tab: Tab) => tab.evaluate<Shown | undefined>('window.eventwireTest')
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until a page has all that its server has sent by now, nothing of it wrong. */
async function reads(tab: Tab): Promise<Shown | undefined> {
  const { last } = server
  await vi.waitFor(async () => expect((await look(tab))?.sum.last).toBeGreaterThanOrEqual(Math.max(last, 1)), { timeout: BACK_MS, interval: 20 })
  const shown = await look(tab)
  expect(shown?.sum.wrong).toBe(0)
  return shown
}

describe('a real tab', () => {
  let browser: TabbedBrowser
  let other: Tab

  beforeAll(async () => {
    // What is hidden is throttled to a timer a minute after five of them: so long no test waits.
    browser = await startTabs(['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10'])
    other = await browser.open('about:blank')
  })
  afterAll(() => browser.close())

  async function open(transport: string): Promise<Tab> {
    const tab = await browser.open(`${server.origin}/?${transport}`)
    await tab.show()
    onTestFinished(() => tab.close())
    await reads(tab)
    return tab
  }

  const TRANSPORTS = ['fetch', 'native']

  it.each(TRANSPORTS)('frozen for five seconds, events meanwhile, over %s: it is back within two seconds, exact, and no error was told', async (transport) => {
    const tab = await open(transport)
    await other.show()
    await tab.freeze(true)
    const { length } = server.cursors
    await wait(5_000)
    expect(server.cursors).toHaveLength(length)
    await tab.freeze(false)
    await tab.show()
    expect(await reads(tab)).toMatchObject({ status: 'open', errors: [] })
    expect(server.cursors).toHaveLength(length + 1)
  }, 20_000)

  it.each(TRANSPORTS)('left and come back to by the back/forward cache, over %s: the same page goes on, exact', async (transport) => {
    const tab = await open(transport)
    const first = (await look(tab))?.sum.first
    await tab.evaluate("addEventListener('pageshow', ({ persisted }) => void (window.wasKept = persisted))")
    await tab.navigate(`${server.origin}/elsewhere`)
    await wait(2_000)
    await tab.evaluate('history.back()')
    await vi.waitFor(async () => expect(await tab.evaluate('window.wasKept')).toBe(true), 5_000)
    const shown = await reads(tab)
    expect(shown).toMatchObject({ status: 'open', errors: [], sum: { first } })
  })

  it('hidden for 80 seconds, timers once a minute, the connections cut meanwhile: no storm, and exact when it shows', async () => {
    const tabs = [await open('fetch'), await open('native')]
    const { length } = server.cursors
    await other.show()
    for (const tab of tabs) expect(await tab.evaluate('document.visibilityState')).toBe('hidden')
    await wait(40_000)
    // They are hidden, and still read; nobody asked again.
    expect(server.cursors).toHaveLength(length)
    for (const tab of tabs) expect((await look(tab))?.sum.last).toBeGreaterThan(server.last - 200)
    server.cut()
    await wait(40_000)
    expect(server.cursors.length - length).toBeLessThanOrEqual(4)
    for (const tab of tabs) {
      await tab.show()
      expect(await reads(tab)).toMatchObject({ status: 'open' })
    }
    expect(server.cursors.length - length).toBeLessThanOrEqual(4)
  }, 100_000)
})

// Firefox keeps no page that had a stream open when the link was followed.
describe.each([
  ['firefox', startFirefox, false],
  ['webkit', startWebKit, true],
] as const)('%s', (_, start, persisted) => {
  it.each(['fetch', 'native'])('left and come back to, over %s: no error on the way, and exact', async (transport) => {
    const browser = await start()
    onTestFinished(() => browser.close())
    const tour = server.told<Tour>()
    await browser.open(`${server.origin}/?tour&${transport}`)
    const told = await tour
    expect(told).toEqual({ persisted, ms: told.ms, wrong: 0, first: told.first, errors: [] })
    expect(told.ms).toBeLessThan(BACK_MS)
  }, 60_000)

  it('loaded anew a dozen times, with persist: it adds up to what the server says, and no error was told', async () => {
    const browser = await start()
    onTestFinished(() => browser.close())
    const reloads = server.told<Reloads>()
    await browser.open(`${server.origin}/?persist&reloads=12`)
    const told = await reloads
    expect(told).toEqual({ first: [told.first[0], told.first[0]], wrong: 0, resets: 0, errors: [] })
  }, 60_000)
})
