import type { Browser, BrowserContextOptions, Page, Request } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { startChat } from '../../examples/chat/chat.js'
import { createLocalModel } from '../../examples/chat/local-model.js'
import type { LocalModel } from '../../examples/chat/local-model.js'
import { chromiumArgs, chromiumPath } from '../chromium.js'
import { createModel } from './chat-model.js'

declare global {
  interface Window {
    /** Every text that the last answer had on this page, with nothing between two that were shown. */
    shown: string[]
    /** All that a screen reader was given to say. */
    announced: string[]
  }
}

/** Waits for a value; a page that came to nothing fails here. */
export const until = <T>(value: () => T) => expect.poll(value, { timeout: 20_000, interval: 20 })

/** A pace that a test sets: so many tokens, all questions together, and then none until it allows more. */
export function createPace() {
  let allowed = Infinity
  return {
    allow: (tokens: number) => void (allowed = tokens),
    left: () => allowed,
    pace(write: () => void): () => void {
      const timer = setInterval(() => {
        if (allowed <= 0) return
        allowed--
        write()
      }, 1)
      return () => clearInterval(timer)
    },
  }
}

export const lastTurn = (page: Page) => page.getByTestId('turn').last()
export const answer = (page: Page) => lastTurn(page).getByTestId('answer').textContent()
export const ending = (page: Page) => lastTurn(page).getAttribute('data-ending')
export const busy = (page: Page) => lastTurn(page).getByRole('article', { name: 'Answer' }).getAttribute('aria-busy')
export const announcement = (page: Page) => page.getByTestId('announcement').textContent()
export const press = (page: Page, name: string) => page.getByRole('button', { name }).press('Enter')

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel('Question').fill(question)
  await page.getByLabel('Question').press('Enter')
}

/** A chat, its local model and a browser for the tests of one file. After each test nothing is left open. */
export function chatPages() {
  const pace = createPace()
  let model: LocalModel
  let chat: Awaited<ReturnType<typeof startChat>>
  let browser: Browser
  const problems: string[] = []

  beforeAll(async () => {
    model = createLocalModel(pace)
    chat = await startChat({ model: createModel(await model.listen()), port: 0, watch: false })
    browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  })

  afterAll(async () => {
    await browser?.close()
    await chat?.server.close()
    await model?.close()
  })

  afterEach(async () => {
    pace.allow(Infinity)
    for (const context of browser.contexts()) await context.close()
    await until(() => chat.server.stats()).toMatchObject({ readers: 0, running: 0 })
    await until(() => model.writing()).toBe(0)
    expect(problems.splice(0)).toEqual([])
  })

  return {
    ...pace,
    stats: () => chat.server.stats(),
    writing: () => model.writing(),
    /** Waits until the model has written all that it was allowed to. */
    held: () => until(() => pace.left()).toBe(0),
    async open(context: BrowserContextOptions = {}) {
      const opened = await browser.newContext({ locale: 'en-GB', ...context })
      const page = await opened.newPage()
      const posts: Request[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('request', (request) => {
        if (request.method() === 'POST' && new URL(request.url()).pathname === '/chat') posts.push(request)
      })
      await page.addInitScript(watch)
      await page.goto(chat.url)
      return { page, posts }
    },
  }
}

/** Runs in the page: keeps what is shown too shortly to be polled for. */
function watch() {
  window.shown = []
  window.announced = []
  const keep = (list: string[], text: string | null | undefined) => {
    if (text !== undefined && text !== null && list.at(-1) !== text) list.push(text)
  }
  const look = () => {
    keep(window.shown, document.querySelector('[data-testid="turn"]:last-child [data-testid="answer"]')?.textContent)
    keep(window.announced, document.querySelector('[data-testid="announcement"]')?.textContent)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
}
