import type { Notify } from '../options/stream-options.js'
import type { Clock } from '../protocol/clock.js'
import type { Page } from '../protocol/page.js'

const FRAME_MS = 16
/** Nobody looks at a hidden page, and it gets no frames; nor does a frame out of view, which counts as visible. */
const UNSEEN_MS = 250

/** Decides when to publish. */
export interface Notifier {
  /** Something changed: publish by and by. Gives what a scheduler of the user's gave; throws what it throws. */
  mark(notify: Notify): unknown
  /** Publish now, what waits included. */
  flush(): void
  /** The page shows again: what waits is published now. */
  shown(): void
}

export function createNotifier(clock: Clock, page: Page, publish: () => void): Notifier {
  let cancel: (() => void) | null = null
  /** What waits, waits for a frame or its timer, and not for a scheduler of the user's. */
  let framed = false
  let quietFrom = -Infinity

  function flush() {
    cancel?.()
    cancel = null
    framed = false
    publish()
  }

  function flushMarked() {
    quietFrom = clock.now() + FRAME_MS
    flush()
  }

  /** Takes the next frame, or a timer where none comes. */
  function schedule() {
    const frame = page.visible ? clock.requestFrame?.(flushMarked) : null
    const timer = clock.setTimeout(flushMarked, page.visible && frame == null ? FRAME_MS : UNSEEN_MS)
    framed = true
    cancel = () => {
      clock.clearTimeout(timer)
      if (frame != null) clock.cancelFrame(frame)
    }
  }

  function ask(notify: Exclude<Notify, string>): unknown {
    let waiting = true
    cancel = () => (waiting = false)
    try {
      return notify(() => waiting && flush())
    } catch (error) {
      cancel = null
      throw error
    }
  }

  return {
    mark(notify) {
      if (notify === 'sync') flush()
      else if (cancel) return undefined
      else if (typeof notify === 'function') return ask(notify)
      // The first after a quiet time need not wait for anyone.
      else if (clock.now() >= quietFrom && page.visible) flushMarked()
      else schedule()
      return undefined
    },
    flush,
    shown() {
      if (framed) flushMarked()
    },
  }
}
