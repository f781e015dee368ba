import type { Page, PageChange } from 'eventwire/core'

let frozen = false
let offline = false
const listeners = new Set<(change: PageChange) => void>()
const tell = (change: PageChange) => listeners.forEach((listener) => listener(change))

/** The browser's page, with buttons that take its network away or freeze it: what eventwire sees of it is this. */
export const page: Page = {
  get visible() {
    return document.visibilityState !== 'hidden'
  },
  get online() {
    return !offline && navigator.onLine
  },
  get frozen() {
    return frozen
  },
  subscribe(listener) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}

document.addEventListener('visibilitychange', () => tell('visibility'))
for (const type of ['online', 'offline']) addEventListener(type, () => tell('online'))
for (const [type, change] of [['pagehide', 'hide'], ['pageshow', 'show']] as const) addEventListener(type, () => tell(change))
for (const type of ['freeze', 'resume'] as const)
  document.addEventListener(type, () => {
    frozen = type === 'freeze'
    tell(type)
  })

/** As where there is no network: what is open goes on, what breaks waits. */
export function goOffline(ms: number): void {
  offline = true
  tell('online')
  setTimeout(() => {
    offline = false
    tell('online')
  }, ms)
}

/** As a browser does with a tab in the background. */
export function freeze(ms: number): void {
  frozen = true
  tell('freeze')
  setTimeout(() => {
    frozen = false
    tell('resume')
  }, ms)
}
