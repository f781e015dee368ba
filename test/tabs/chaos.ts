import { createRandom } from '../chaos/random.ts'
import type { Tab, TabbedBrowser } from '../engines/tabs.ts'
import type { TabState } from './tab-page.ts'
import type { TabServer } from './tab-server.ts'

/** What a run came to. */
export interface TabChaos {
  readonly seed: number
  readonly actions: number
  /** Tabs whose events were looked at: each one that there was, before it went and at the end. */
  readonly audits: number
  /** Events that did not follow the one before: lost, doubled or out of order. */
  readonly wrong: number
  /** Tabs that were not where the server was, once all was quiet. */
  readonly stuck: readonly string[]
  /** Streams that were open at the end. */
  readonly open: number
}

const MOST_TABS = 10
const QUIET_MS = 10_000

type Look = Pick<TabState, 'last' | 'wrong' | 'owner' | 'status'>

interface Tried extends Tab {
  frozen: boolean
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const look = (tab: Tab) => tab.evaluate<Look | undefined>('(({ last, wrong, owner, status }) => ({ last, wrong, owner, status }))(window.tab ?? {})')

/** Ten tabs of one stream, opened, closed, crashed, loaded anew, frozen, hidden and cut off at random, for so long. */
export async function runTabChaos(browser: TabbedBrowser, server: TabServer, seed: number, ms: number): Promise<TabChaos> {
  const random = createRandom(seed)
  const tabs: Tried[] = []
  let actions = 0
  let audits = 0
  let wrong = 0

  async function audit(tab: Tried) {
    // What is frozen answers nothing.
    if (tab.frozen) return
    audits++
    wrong += (await look(tab))?.wrong ?? 0
  }

  async function open() {
    if (tabs.length >= MOST_TABS) return
    tabs.push({ ...(await browser.open(`${server.origin}/`)), frozen: false })
  }

  function remove(tab: Tried) {
    const index = tabs.indexOf(tab)
    if (index >= 0) tabs.splice(index, 1)
  }

  const ACTIONS: readonly ((tab: Tried) => Promise<void> | void)[] = [
    open,
    open,
    async (tab) => {
      await audit(tab)
      remove(tab)
      await tab.close()
    },
    async (tab) => {
      await audit(tab)
      if (tab.frozen) return
      remove(tab)
      await tab.crash()
      await tab.close()
    },
    async (tab) => {
      await audit(tab)
      if (!tab.frozen) await tab.reload()
    },
    async (tab) => {
      await tab.freeze((tab.frozen = !tab.frozen))
    },
    (tab) => tab.show(),
    () => server.cut(),
    () => server.burst(random.between(1, 2_000)),
  ]

  await open()
  const until = Date.now() + ms
  while (Date.now() < until) {
    if (tabs.length === 0) await open()
    const tab = random.pick(tabs)
    try {
      await random.pick(ACTIONS)(tab)
    } catch {
      // Caught as it went: there is nothing to ask it any more.
      remove(tab)
      await tab.close().catch(() => {})
    }
    actions++
    await wait(random.between(10, 400))
  }
  for (const tab of tabs) if (tab.frozen) await tab.freeze((tab.frozen = false))
  const stuck = await settle(tabs, server)
  for (const tab of tabs) await audit(tab)
  const result = { seed, actions, audits, wrong, stuck, open: server.open }
  for (const tab of tabs) await tab.close()
  return result
}

/** Waits until every tab is where the server is; what was wrong with those that are not. */
async function settle(tabs: readonly Tab[], server: TabServer): Promise<string[]> {
  const until = Date.now() + QUIET_MS
  for (;;) {
    const { last } = server
    await wait(200)
    const shown = await Promise.all(tabs.map(look))
    const stuck = shown.filter((one) => one?.status !== 'open' || one.last < last)
    const isOne = server.open === (tabs.length > 0 ? 1 : 0) && shown.filter((one) => one?.owner).length <= 1
    if (stuck.length === 0 && isOne) return []
    if (Date.now() > until) return [...stuck.map((one) => JSON.stringify({ ...one, server: last })), `${server.open} streams open`]
  }
}
