import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import type { Form } from './contenders.js'
import { components } from './contenders.js'

/** How one answer went, as the page saw it. */
export interface AnswerRun {
  /** How often React has put something on the page since the question was asked. */
  readonly commits: number
  /** From the question to the frame after the answer's end. */
  readonly totalMs: number
}

/** What the page offers to whoever drives it. */
export interface RequestsPage {
  /** Mounts a contender anew, and waits until it can be asked. */
  mount(id: string, url: string, form: Form): Promise<void>
  ask(): Promise<AnswerRun>
  /** What the answer has come to, as the page shows it. */
  text(): string
}

declare global {
  /** Where the bench finds the page's functions. */
  var requestsPage: RequestsPage | undefined
}

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

let unmount = () => {}
let commits = 0
/** What the contender was given to show, where it shows only how long that is. */
let hidden: string | null = null
let ask: () => Promise<unknown> = () => Promise.reject(new Error('Nobody is mounted'))

globalThis.requestsPage = {
  async mount(id, url, form) {
    unmount()
    const component = components[id]
    if (!component) throw new Error(`No contender is named ${id}`)
    const place = document.body.appendChild(document.createElement('main'))
    const root = createRoot(place)
    unmount = () => {
      root.unmount()
      place.remove()
    }
    await new Promise<void>((resolve) => {
      const offer = (newest: typeof ask) => {
        ask = newest
        resolve()
      }
      const onCommit = (text: string) => {
        commits++
        hidden = form === 'length' ? text : null
      }
      root.render(createElement(component, { url, form, offer, onCommit }))
    })
    await frame()
  },
  async ask() {
    commits = 0
    const began = performance.now()
    await ask()
    // What was set last is rendered in a task of its own, and painted with the frame after.
    await frame()
    await frame()
    return { commits, totalMs: performance.now() - began }
  },
  text: () => hidden ?? document.querySelector('main')?.textContent ?? '',
}
