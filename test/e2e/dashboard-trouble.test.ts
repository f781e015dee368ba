import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import {
  dashboardPages,
  expectNewValues,
  expectWholeLog,
  forget,
  loggedIds,
  seen,
  status,
  until,
} from './dashboard-page.js'

const { openDashboard, requests, stats } = dashboardPages({ keep: true })

/** Presses a button by keyboard, which stays where it was. */
async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name })
  await button.press('Enter')
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
}

/** It went away once and is back, with everything that was sent meanwhile. */
async function expectResumed(page: Page, before: string): Promise<void> {
  await until(async () => (await seen(page)).statuses).toEqual(['open', 'reconnecting', 'open'])
  await expectNewValues(page)
  await expectWholeLog(page, 20)
  expect(await loggedIds(page)).toContain(before)
  expect(await page.getByTestId('error').textContent()).toBe('')
  expect(await page.getByTestId('reconnect').count()).toBe(0)
}

const LIVE = 'The stream is live.'
/** What a screen reader was given to say so far. */
const said = async (page: Page) => (await seen(page)).announcements
const rows = (page: Page, type: string) => page.locator(`[data-id][data-type="${type}"]`).allTextContents()
const newestId = async (page: Page) => (await loggedIds(page))[0] ?? ''

describe.each(['fetch', 'native', 'fetch-event-source'])('over %s', (transport) => {
  const native = transport === 'native'
  const BROKE = native
    ? 'The connection broke, or the server ended the stream: EventSource does not tell which. '
    : 'The connection broke. '
  let page: Page
  /** What the page asked for in this test. */
  const asked: { path: string; type: string }[] = []
  const tokens = () => asked.filter(({ path }) => path === '/token').length

  it('asks for one token and opens one stream', async () => {
    page = await openDashboard(`/?transport=${transport}`, {}, undefined, (request) => {
      asked.push({ path: new URL(request.url()).pathname, type: request.resourceType() })
    })
    const streams = asked.filter(({ path }) => path === '/events')
    expect(streams.map(({ type }) => type)).toEqual([native ? 'eventsource' : 'fetch'])
    expect(tokens()).toBe(1)
  })

  /** Waits until nothing is left of the test before. */
  async function calm(): Promise<void> {
    await until(async () => (await said(page)).at(-1)).toBe(LIVE)
    await forget(page)
    asked.length = 0
    const { countdowns, errors, planned, ...now } = await seen(page)
    expect(now).toEqual({ statuses: ['open'], tones: ['calm'], announcements: [LIVE] })
    expect([countdowns, errors, planned]).toEqual([[], [], []])
  }

  it('a dropped connection heals, and nothing is missing', async () => {
    await calm()
    const [before, newest] = [requests(), await newestId(page)]
    await press(page, 'Drop this connection')
    await expectResumed(page, newest)
    expect(requests()).toBe(before + 1)
    const { countdowns, errors, planned, tones } = await seen(page)
    expect(planned).toEqual(['false'])
    expect(tones).toEqual(['calm', 'warn', 'calm'])
    // The browser keeps to itself what broke.
    expect(countdowns.at(-1)).toBe('now')
    expect(errors).toEqual([BROKE])
    // This was published while nobody was connected, so it came by replay.
    expect(await rows(page, 'viewers')).toContainEqual(expect.stringContaining('"count":0'))
  })

  it('an expired token gets a 401, one fresh one is asked for, and nothing is missing', async () => {
    await calm()
    const [before, newest] = [requests(), await newestId(page)]
    await press(page, 'Expire the token')
    await expectResumed(page, newest)
    // Over native every attempt has a fresh one.
    expect(requests()).toBe(before + (native ? 1 : 2))
    expect(tokens()).toBe(1)
    const { errors } = await seen(page)
    expect(errors).toEqual(native ? [BROKE] : [])
  })

  // The smoke run over the third ends here: what is left out it has in common with fetch.
  if (transport !== 'fetch-event-source') troubles()

  it('is gone with its page', async () => {
    await page.context().close()
    await expect.poll(() => stats().connections, { timeout: 20_000 }).toBe(0)
  })

  function troubles(): void {
    it('a restart that is announced alarms nobody, and nothing is missing', async () => {
      await calm()
      const [before, newest] = [requests(), await newestId(page)]
      await press(page, 'Restart the stream')
      await expectResumed(page, newest)
      expect(requests()).toBe(before + 1)
      const { announcements, errors, planned, tones } = await seen(page)
      expect({ errors, planned, tones }).toEqual({ errors: [], planned: ['true'], tones: ['calm'] })
      expect(announcements).toEqual([LIVE])
      expect(await rows(page, 'deploy')).toEqual([
        expect.stringContaining('"done"'),
        expect.stringContaining('"starting"'),
      ])
    })

    it('a cursor that is too old starts over, once, and the page has the newest', async () => {
      await calm()
      const before = requests()
      const newest = await newestId(page)
      await press(page, 'Deploy, and forget the past')
      await until(async () => (await seen(page)).statuses.at(-1)).toBe('open')
      await until(async () => (await loggedIds(page)).includes(newest)).toBe(false)
      await until(async () => (await said(page)).at(-1)).toBe(LIVE)
      await expectNewValues(page)
      // Refused, or told by an event, and asked once more without a cursor.
      expect(requests()).toBe(before + 2)
      expect((await seen(page)).errors).toEqual([])
      expect(await page.getByTestId('error').textContent()).toBe('')
    })

    it('without a network it waits, and is back at once when that is', async () => {
      await calm()
      const [before, newest] = [requests(), await newestId(page)]
      await press(page, 'Cut it without a network')
      await until(() => status(page)).toBe('paused')
      await until(() => status(page)).toBe('open')
      // Over native it is looked once more whether the browser has given up.
      const looks = native ? ['reconnecting'] : []
      expect((await seen(page)).statuses).toEqual(['open', ...looks, 'paused', 'reconnecting', 'open'])
      expect(requests()).toBe(before + 1)
      await expectNewValues(page)
      await expectWholeLog(page, 20)
      expect(await loggedIds(page)).toContain(newest)
    })

    it('frozen it lets go, and resumes from the cursor', async () => {
      await calm()
      const [before, newest] = [requests(), await newestId(page)]
      await press(page, 'Freeze this page')
      await until(() => stats().connections).toBe(0)
      await until(() => status(page)).toBe('open')
      const { statuses, errors } = await seen(page)
      expect([statuses, errors]).toEqual([['open', 'paused', 'reconnecting', 'open'], []])
      expect(requests()).toBe(before + 1)
      await expectNewValues(page)
      await expectWholeLog(page, 20)
      expect(await loggedIds(page)).toContain(newest)
    })

    it('reports a malformed event and stays open', async () => {
      await calm()
      const before = requests()
      await press(page, 'Send a malformed event')
      const error = page.getByTestId('error')
      await until(() => error.getAttribute('data-code')).toBe('invalid-event')
      await until(() => error.textContent()).toBe('')
      const { errors, statuses } = await seen(page)
      expect(errors).toEqual([expect.stringContaining("event 'metrics' is not JSON")])
      expect(statuses).toEqual(['open'])
      expect(requests()).toBe(before)
      await expectNewValues(page)
      await expectWholeLog(page, 20)
    })

    it('closes and opens by the button, and goes on where it was', async () => {
      await calm()
      const newest = await newestId(page)
      await page.getByRole('button', { name: 'Close' }).click()
      await until(() => status(page)).toBe('closed')
      expect(await page.getByTestId('drop').getAttribute('aria-disabled')).toBe('true')
      await page.getByRole('button', { name: 'Open' }).click()
      await until(() => status(page)).toBe('open')
      await expectNewValues(page)
      await expectWholeLog(page, 20)
      expect(await loggedIds(page)).toContain(newest)
    })

    it('notices a server that stays silent by the age of the last event, and offers to reconnect', async () => {
      await calm()
      const newest = await newestId(page)
      await press(page, 'Go silent')
      const note = page.getByTestId('note')
      await until(() => note.textContent()).toContain('No event for 3 s')
      expect(await status(page)).toBe('reconnecting')
      const before = requests()
      await page.getByRole('button', { name: 'Reconnect' }).click()
      await until(requests).toBeGreaterThan(before)
      await expectResumed(page, newest)
      expect(await note.textContent()).not.toContain('No event')
      // Not a word for every second that passed.
      await until(async () => (await said(page)).at(-1)).toBe(LIVE)
      expect(await said(page)).toEqual([LIVE, `${BROKE}Reconnecting.`, LIVE])
    })

    it('says that the server answers 503, and heals when it is over', async () => {
      await calm()
      const newest = await newestId(page)
      await press(page, 'Answer 503')
      await expectResumed(page, newest)
      const { countdowns, errors } = await seen(page)
      expect(errors.join()).toContain(native ? 'EventSource gave up' : '503')
      // One countdown at least to a refused attempt, and one to the one that was not.
      expect(countdowns.filter((count) => count === 'now').length).toBeGreaterThanOrEqual(2)
      // However many attempts: what is wrong, if it lasts, and that it is over.
      await until(async () => (await said(page)).at(-1)).toBe(LIVE)
      expect((await said(page)).length).toBeLessThanOrEqual(4)
    })
  }
})
