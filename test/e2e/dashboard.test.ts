import { describe, expect, it } from 'vitest'
import { dashboardPages, expectNewValues, expectWholeLog, seen, sinceOpen, status, until } from './dashboard-page.js'

const { openDashboard, openPage, requests, stats } = dashboardPages()

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
    await page.getByLabel('Metrics').uncheck()
    const rows = page.getByTestId('log-row')
    const types = await rows.evaluateAll((elements) => elements.map((row) => row.getAttribute('data-type')))
    expect(types).toEqual(['viewers', 'snapshot'])
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
})

describe('connections', () => {
  it('is one for ten components', async () => {
    const before = requests()
    const page = await openDashboard('/?components=10')
    const readers = () => page.getByTestId('reader').allTextContents()
    await until(readers).toEqual(Array.from({ length: 10 }, () => expect.stringMatching(/^\d+\.\d$/)))
    await page.getByRole('button', { name: 'One more' }).click()
    await until(readers).toHaveLength(11)
    await page.getByRole('button', { name: 'One less' }).click()
    await until(readers).toHaveLength(10)
    await expectNewValues(page)
    expect(await page.getByTestId('viewers').textContent()).toBe('1')
    expect(stats().connections).toBe(1)
    expect(requests() - before).toBe(1)
  })

  it('is asked for once by each of 20 mounts in StrictMode', async () => {
    const before = requests()
    const page = await openPage('/?strict=20')
    await until(() => page.getByTestId('mounts').getAttribute('data-opened')).toBe('20')
    await until(() => stats().connections).toBe(1)
    expect(requests() - before).toBe(20)
  })

  it('tells each page how many watch', async () => {
    const first = await openDashboard()
    const viewers = () => first.getByTestId('viewers').textContent()
    await until(viewers).toBe('1')
    const second = await openDashboard('/?transport=native')
    await until(viewers).toBe('2')
    expect(await second.getByTestId('viewers').textContent()).toBe('2')
    await second.close()
    await until(viewers).toBe('1')
  })

  it('goes over the transport in the address, which the links change', async () => {
    const page = await openDashboard('/?components=3')
    const chosen = () => page.locator('nav a[aria-current="page"]').allTextContents()
    expect(await chosen()).toEqual(['fetch'])
    for (const name of ['native', 'fetch-event-source', 'fetch']) {
      const stream = page.waitForRequest((request) => new URL(request.url()).pathname === '/events')
      await page.getByRole('link', { name, exact: true }).press('Enter')
      expect((await stream).resourceType()).toBe(name === 'native' ? 'eventsource' : 'fetch')
      await until(() => status(page)).toBe('open')
      expect(await chosen()).toEqual([name])
      expect(await page.getByTestId('reader').count()).toBe(3)
      await expectWholeLog(page, 5)
    }
    await until(() => stats().connections).toBe(1)
  })

  it('is gone when the page is', async () => {
    const pages = [await openDashboard(), await openDashboard()]
    expect(stats().connections).toBe(2)
    await pages[0]?.close()
    await until(() => stats().connections).toBe(1)
    await pages[1]?.goto('about:blank')
    await until(() => stats().connections).toBe(0)
  })
})

describe('the layout', () => {
  it.each([
    ['a phone', 'light', 390, 'native', 'native-closed'],
    ['a phone', 'dark', 390, 'fetch', 'status'],
    ['a desk', 'light', 1280, 'fetch', 'status'],
  ] as const)('stands still in trouble and has no sideways scrolling: %s, %s', async (...how) => {
    const [, colorScheme, width, transport, code] = how
    const page = await openDashboard(`/?transport=${transport}`, { colorScheme, viewport: { width, height: 844 } })
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
    await until(() => page.getByTestId('error').getAttribute('data-code')).toBe(code)
    expect(await boxes()).toEqual(calm)
    expect(await overflow()).toBe(0)
    await until(() => status(page)).toBe('open')
    expect(await boxes()).toEqual(calm)
  })
})
