import type { Clock } from '../protocol/clock.js'
import { isHidden, onVisibilityChange } from './environment.js'

/**
 * When readers learn of new snapshots: once a frame, with every event, or when the function given here
 * calls what it is given.
 */
export type Notify = 'frame' | 'sync' | ((flush: () => void) => void)

const FRAME_MS = 16
/** Nobody looks at a hidden page, and it gets no frames. */
const HIDDEN_MS = 250

/** Decides when to publish. */
export interface Notifier {
  /** Something changed: publish by and by. */
  mark(notify: Notify): void
  /** Publish now, what waits included. */
  flush(): void
}

export function createNotifier(clock: Clock, publish: () => void): Notifier {
  let cancel: (() => void) | null = null
  let quietFrom = -Infinity

  function flush() {
    stop()
    publish()
  }

  function flushMarked() {
    quietFrom = clock.now() + FRAME_MS
    flush()
  }

  function stop() {
    cancel?.()
    cancel = null
  }

  /** Takes the next frame, or a timer where there is none; changes over when the page hides or shows. */
  function schedule() {
    const hidden = isHidden()
    const frame = hidden ? null : clock.requestFrame?.(flushMarked)
    const timer = frame == null ? clock.setTimeout(flushMarked, hidden ? HIDDEN_MS : FRAME_MS) : null
    const unlisten = onVisibilityChange(() => (isHidden() ? (stop(), schedule()) : flushMarked()))
    cancel = () => {
      unlisten()
      if (frame == null) clock.clearTimeout(timer)
      else clock.cancelFrame(frame)
    }
  }

  return {
    mark(notify) {
      if (notify === 'sync') flush()
      else if (cancel) return
      else if (typeof notify === 'function') {
        let waiting = true
        cancel = () => (waiting = false)
        try {
          return notify(() => waiting && flush())
        } catch (error) {
          stop()
          throw error
        }
      }
      // The first after a quiet time need not wait for anyone.
      else if (clock.now() >= quietFrom && !isHidden()) flushMarked()
      else schedule()
    },
    flush,
  }
}
