import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { answerTo, FAILURE } from '../../examples/chat/local-model.js'
import type { Message } from '../../examples/chat/model.js'
import { announcement, answer, ask, busy, chatPages, ending, lastTurn, press, until } from './chat-page.js'

const { allow, held, open, stats, writing } = chatPages()

const SHORT = 'What are Server-Sent Events?'
const LONG = 'Explain resuming at length, please.'
const FAILING = 'Please fail in the middle.'

const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })

/** Asks for a long answer, of which the model writes the beginning and no more until it is allowed to. */
async function askHalf(page: Page): Promise<void> {
  allow(40)
  await ask(page, LONG)
  await held()
  await until(async () => (await answer(page))?.length).toBeGreaterThan(100)
}

/** Each is the beginning of the next: an answer grows, and nothing of it ever goes. */
function expectGrowing(texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) expect((texts[index + 1] ?? text).startsWith(text)).toBe(true)
}

describe('an answer', () => {
  it('comes word by word, to the last, for one POST', async () => {
    const before = stats()
    const { page, posts } = await open()
    allow(40)
    await ask(page, SHORT)
    await held()
    const whole = answerTo([user(SHORT)])
    await until(async () => (await answer(page))?.length).toBeGreaterThan(100)
    expect(whole.startsWith((await answer(page)) ?? '?')).toBe(true)
    expect([await ending(page), await busy(page), await announcement(page)]).toEqual(['writing', 'true', ''])
    // A busy page shows several words at once, unless there is no more than one to show.
    for (let step = 0; step < 10; step++) {
      const shownSoFar = (await answer(page))?.length ?? 0
      allow(2)
      await held()
      await until(async () => (await answer(page))?.length).toBeGreaterThan(shownSoFar)
    }
    allow(Infinity)
    await until(() => ending(page)).toBe('done')
    expect([await answer(page), await busy(page), await announcement(page)]).toEqual([whole, 'false', whole])
    const { shown, announced } = await page.evaluate(() => ({ shown: window.shown, announced: window.announced }))
    expect(shown.length).toBeGreaterThan(10)
    expectGrowing(shown)
    // Once, and nothing of it before it was finished.
    expect(announced.filter(Boolean)).toEqual([whole])
    expect([posts.length, stats().requests - before.requests, stats().runs - before.runs]).toEqual([1, 1, 1])
    expect(await page.getByTestId('facts').textContent()).toMatch(/^\d+ events · \d+ kB · first after [\d,]+ ms · [\d.]+ s · \d+ tokens$/)
  })

  it('knows what was said before', async () => {
    const { page, posts } = await open()
    await ask(page, SHORT)
    await until(() => ending(page)).toBe('done')
    const first = answerTo([user(SHORT)])
    await ask(page, LONG)
    const messages = [user(SHORT), assistant(first), user(LONG)]
    expect(posts[1]?.postDataJSON()).toMatchObject({ messages })
    await until(() => answer(page)).toBe(answerTo(messages))
    expect(await page.getByTestId('answer').first().textContent()).toBe(first)
  })
})

describe('stop and ask again', () => {
  it('keeps what came, ends the answer at the model, and begins anew', async () => {
    const before = stats()
    const { page, posts } = await open()
    await askHalf(page)
    await press(page, 'Stop')
    await until(() => ending(page)).toBe('stopped')
    const kept = await answer(page)
    expect([await busy(page), await announcement(page)]).toEqual(['false', 'The answer was stopped.'])
    await until(() => [stats().running, writing()]).toEqual([0, 0])
    allow(Infinity)
    await page.evaluate(() => (window.shown = []))
    await press(page, 'Ask again')
    await until(() => ending(page)).toBe('done')
    const whole = answerTo([user(LONG)])
    expect([await answer(page), whole.startsWith(kept ?? '?')]).toEqual([whole, true])
    // Nothing of the stopped one is in it at any time.
    const [first = '?'] = await page.evaluate(() => window.shown)
    expect(first.length).toBeLessThan(kept?.length ?? 0)
    expect([await page.getByTestId('turn').count(), posts.length, stats().runs - before.runs]).toEqual([1, 2, 2])
  })
})

describe('an error in the middle', () => {
  it("is shown in the model's words, with what came so far, and may be asked again", async () => {
    const { page, posts } = await open()
    await ask(page, FAILING)
    await until(() => ending(page)).toBe('refused')
    const whole = answerTo([user(FAILING)])
    const part = (await answer(page)) ?? ''
    expect([part.length > 100, part.length < whole.length, whole.startsWith(part)]).toEqual([true, true, true])
    expect(await page.getByTestId('problem').textContent()).toBe(`${FAILURE} What came so far stays.`)
    expect([await busy(page), await announcement(page)]).toEqual(['false', `The answer is not whole. ${FAILURE}`])
    expect(await lastTurn(page).getByRole('button').allTextContents()).toEqual(['Ask again'])
    await press(page, 'Ask again')
    await until(() => posts.length).toBe(2)
    await until(() => ending(page)).toBe('refused')
    expect(await answer(page)).toBe(part)
    await ask(page, SHORT)
    await until(() => answer(page)).toBe(answerTo([user(FAILING), assistant(part), user(SHORT)]))
    await until(() => ending(page)).toBe('done')
  })
})

describe('a reload', () => {
  it('goes on with the very next word, with what came while the page was away', async () => {
    const before = stats()
    const { page, posts } = await open()
    allow(60)
    await ask(page, LONG)
    await held()
    await until(async () => (await answer(page))?.length).toBeGreaterThan(200)
    const text = (await answer(page)) ?? ''
    await page.goto('about:blank')
    await until(() => stats()).toMatchObject({ readers: 0, running: 1 })
    // Nobody reads, and the answer goes on.
    allow(60)
    await held()
    await page.goBack()
    await until(async () => (await answer(page))?.length).toBeGreaterThan(text.length + 100)
    expect([await ending(page), await busy(page), await announcement(page)]).toEqual(['writing', 'true', ''])
    // The role, and a token in each event.
    expect(Number(posts[1]?.headers()['last-event-id'])).toBe(60)
    allow(Infinity)
    await until(() => ending(page)).toBe('done')
    const whole = answerTo([user(LONG)])
    expect([await answer(page), await announcement(page)]).toEqual([whole, whole])
    const shown = await page.evaluate(() => window.shown)
    expect(shown[0]?.startsWith(text)).toBe(true)
    expectGrowing(shown)
    // The model was asked once.
    expect([posts.length, stats().runs - before.runs]).toEqual([2, 1])

    await page.reload()
    expect([await answer(page), await ending(page), await announcement(page)]).toEqual([whole, 'done', ''])
    expect(posts).toHaveLength(2)
  })

  it('before the first word joins the answer that was asked for', async () => {
    const before = stats()
    const { page, posts } = await open()
    allow(0)
    await ask(page, SHORT)
    await until(() => stats().readers).toBe(1)
    await page.reload()
    await until(() => posts.length).toBe(2)
    await until(() => stats().readers).toBe(1)
    allow(Infinity)
    await until(() => ending(page)).toBe('done')
    expect([await answer(page), stats().runs - before.runs]).toEqual([answerTo([user(SHORT)]), 1])
  })

  it('after a crash goes on from what was kept while it came', async () => {
    const before = stats()
    const { page } = await open()
    allow(40)
    await ask(page, LONG)
    await held()
    const kept = () => page.evaluate(() => sessionStorage.getItem('eventwire-chat') ?? '')
    await until(kept).toContain('"lastEventId":"40"')
    const record = await kept()
    // Another tab with the record of the first, which goes on and may not disturb it.
    const second = await page.context().newPage()
    await second.addInitScript((text) => sessionStorage.setItem('eventwire-chat', text), record)
    await second.goto(page.url())
    await until(() => stats().readers).toBe(2)
    allow(Infinity)
    for (const tab of [page, second]) {
      await until(() => ending(tab)).toBe('done')
      expect(await answer(tab)).toBe(answerTo([user(LONG)]))
    }
    expect(stats().runs - before.runs).toBe(1)
  })

  it('of a stopped answer sends nothing, and may ask again', async () => {
    const { page, posts } = await open()
    await askHalf(page)
    await press(page, 'Stop')
    await until(() => ending(page)).toBe('stopped')
    const kept = await answer(page)
    await page.reload()
    expect([await answer(page), await ending(page), posts.length]).toEqual([kept, 'stopped', 1])
    allow(Infinity)
    await press(page, 'Ask again')
    await until(() => answer(page)).toBe(answerTo([user(LONG)]))
  })
})

describe('a connection that breaks', () => {
  it('is said, and goes on with the very next word when asked to', async () => {
    const before = stats()
    const { page, posts } = await open()
    await askHalf(page)
    await press(page, 'Cut the connection')
    await until(() => ending(page)).toBe('broken')
    const text = (await answer(page)) ?? ''
    expect(await page.getByTestId('problem').textContent()).toMatch(/^The connection broke\. What came so far stays\.$/)
    // Nothing is sent by itself.
    expect(posts).toHaveLength(1)
    allow(Infinity)
    await press(page, 'Go on')
    await until(() => ending(page)).toBe('done')
    expect(await answer(page)).toBe(answerTo([user(LONG)]))
    expect(posts[1]?.headers()['last-event-id']).toBe('40')
    const shown = await page.evaluate(() => window.shown)
    expect(shown).toContain(text)
    expectGrowing(shown)
    expect([posts.length, stats().runs - before.runs]).toEqual([2, 1])
  })
})

describe('the page', () => {
  it('begins anew, and leaves nothing behind', async () => {
    const { page } = await open()
    allow(40)
    await ask(page, LONG)
    await held()
    await press(page, 'New chat')
    await until(() => stats()).toMatchObject({ readers: 0, running: 0 })
    expect(await page.getByTestId('turn').count()).toBe(0)
    await page.reload()
    expect(await page.getByRole('heading', { name: 'Ask, and break it' }).isVisible()).toBe(true)
    expect(await page.getByTestId('turn').count()).toBe(0)
  })

  it.each([320, 375, 1280])('fits into %i pixels', async (width) => {
    const { page } = await open({ viewport: { width, height: 740 } })
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await overflow()).toBe(0)
    await ask(page, `${'W'.repeat(300)} fail`)
    await until(() => ending(page)).toBe('refused')
    expect(await overflow()).toBe(0)
  })
})
