import { createFeed } from '../../examples/dashboard/feed.js'
import { afterAll, describe, expect, it } from 'vitest'
import {
  dashboardPages,
  expectNewValues,
  expectWhole,
  loggedIds,
  seen,
  sinceOpen,
  status,
  until,
} from './dashboard-page.js'

/** The one that is served now. */
let feed = createFeed({ sampleMs: 50 })
afterAll(() => feed.stop())

const { openDashboard, restart, stats } = dashboardPages({ feed })

describe.each(['fetch', 'native'])('another server on the same port, over %s', (transport) => {
  it('that goes on with the same feed is announced, and nothing is missing', async () => {
    const page = await openDashboard(`/?transport=${transport}`)
    const [newest = ''] = await loggedIds(page)
    await restart(feed, async () => {
      await until(() => status(page)).toBe('reconnecting')
      // Events go by that nobody hears.
      const { id } = feed.snapshot()
      await until(() => feed.snapshot().id).not.toBe(id)
    })
    await until(() => status(page)).toBe('open')
    await expectNewValues(page)
    const ids = await loggedIds(page)
    expect(ids).toContain(newest)
    expectWhole(ids)
    const deploys = await page.locator('[data-testid="log-row"][data-type="deploy"]').allTextContents()
    expect(deploys).toEqual([expect.stringContaining('"done"'), expect.stringContaining('"starting"')])
    const { planned, tones } = await seen(page)
    expect({ planned, tones }).toEqual({ planned: ['true'], tones: ['calm'] })
    expect(stats().connections).toBe(1)
  })

  it('that begins with nothing tells where things stand, and goes on from there', async () => {
    const page = await openDashboard(`/?transport=${transport}`)
    const before = await loggedIds(page)
    feed.stop()
    feed = createFeed({ sampleMs: 50 })
    await restart(feed, () => until(() => status(page)).toBe('reconnecting'))
    await until(() => status(page)).toBe('open')
    await expectNewValues(page)
    const ids = await loggedIds(page)
    const first = ids.findIndex((id) => id.endsWith('-0'))
    const [after, old] = [ids.slice(0, first + 1), ids.slice(first + 1)]
    expectWhole(after)
    expectWhole(old)
    expect(old).toEqual(expect.arrayContaining(before))
    expect(sinceOpen(await seen(page))).toEqual(['open', 'reconnecting', 'open'])
    expect(await page.getByTestId('viewers').textContent()).toBe('1')
  })
})
