import type { Page, PageChange } from '../protocol/page.js'
import type { Stream, StreamRegistry } from '../stream/stream.js'

/** The current streams of a client. It listens to the page while there are any. */
export interface Registry extends StreamRegistry {
  readonly streams: readonly Stream[]
  forgetAll(): void
  /** The page is another one now. */
  moved(): void
}

export function createRegistry(page: Page): Registry {
  const current = new Map<string, Stream>()
  let unsubscribe: (() => void) | null = null

  function onPage(change: PageChange) {
    for (const stream of [...current.values()]) stream.page(change)
  }

  function remove(key: string) {
    current.delete(key)
    if (current.size > 0) return
    unsubscribe?.()
    unsubscribe = null
  }

  return {
    get streams() {
      return [...current.values()]
    },
    get: (key) => current.get(key),
    set(key, stream) {
      current.set(key, stream)
      unsubscribe ??= page.subscribe(onPage)
    },
    delete: remove,
    moved() {
      if (!unsubscribe) return
      unsubscribe()
      unsubscribe = page.subscribe(onPage)
    },
    forgetAll() {
      for (const [key, stream] of [...current]) {
        // First: who opens it again when it says that it closed makes it current again.
        remove(key)
        stream.forget()
      }
    },
  }
}
