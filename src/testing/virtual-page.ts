import type { Page, PageChange } from '../protocol/page.js'

/** A {@link Page} that does what a test says. */
export interface VirtualPage extends Page {
  /** Nobody sees it any more; or somebody does again. */
  show(visible: boolean): void
  goOnline(online: boolean): void
  /** No timer or task of it runs, as far as it is told; or they run again. */
  freeze(frozen: boolean): void
  /** It may be about to be left: the user followed a link, of a page or of a download. */
  unload(): void
  /** It is left, as when the user follows a link; or it comes back from the back/forward cache. */
  leave(): void
  comeBack(): void
  /** Who listens to it: 0 says that everyone has let go. */
  readonly listeners: number
}

/**
 * Makes a page for tests: visible, online and running until told otherwise.
 *
 * @example
 * ```tsx
 * import { createSSEClient } from 'eventwire/core'
 * import { createVirtualPage } from 'eventwire/testing'
 *
 * const page = createVirtualPage()
 * const client = createSSEClient({ page })
 * client.subscribe('https://api.example.com/events', { pauseWhenHidden: true })
 * page.show(false)
 * ```
 */
export function createVirtualPage(): VirtualPage {
  let visible = true
  let online = true
  let frozen = false
  const listeners = new Set<(change: PageChange) => void>()
  const tell = (change: PageChange) => [...listeners].forEach((listener) => listener(change))
  return {
    get visible() {
      return visible
    },
    get online() {
      return online
    },
    get frozen() {
      return frozen
    },
    get listeners() {
      return listeners.size
    },
    subscribe(listener) {
      const own = (change: PageChange) => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    show(now) {
      visible = now
      tell('visibility')
    },
    goOnline(now) {
      online = now
      tell('online')
    },
    freeze(now) {
      frozen = now
      tell(now ? 'freeze' : 'resume')
    },
    unload: () => tell('unload'),
    leave: () => tell('hide'),
    comeBack: () => tell('show'),
  }
}
