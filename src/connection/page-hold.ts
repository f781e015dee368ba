import type { Clock } from '../protocol/clock.js'
import type { Page, PageChange } from '../protocol/page.js'
import type { Holder } from './transition.js'

/** What a page does to a stream, and what its readers say of it. */
export interface HoldOwner {
  readonly clock: Clock
  readonly page: Page
  /** How long a hidden page keeps the stream, in ms; `null`: as long as it likes. */
  hiddenMs(): number | null
  /** Whether it may be let go of and asked for again: only what is live and a GET. */
  resumable(): boolean
  hold(by: Holder): void
  release(): void
}

/** Holds a stream back while its page is frozen, left or long hidden, or has no network. */
export interface Hold {
  /** The stream is wanted: what holds it back counts from now on. */
  enter(): void
  /** Something about the page changed. */
  update(change: PageChange): void
  /** The stream has ended: no timer may be left. */
  leave(): void
}

export function createHold({ clock, page, hiddenMs, resumable, hold, release }: HoldOwner): Hold {
  /** The page was left, and may come back from the back/forward cache. */
  let left = false
  /** It was hidden for longer than the readers want. */
  let longHidden = false
  let timer: unknown = null
  let wanted = false
  let held: Holder | null = null

  function watchHidden() {
    const grace = hiddenMs()
    if (page.visible || grace === null || !resumable()) {
      clock.clearTimeout(timer)
      timer = null
      longHidden = false
    } else if (!longHidden && timer === null) {
      if (grace <= 0) longHidden = true
      else
        timer = clock.setTimeout(() => {
          timer = null
          longHidden = true
          settle()
        }, grace)
    }
  }

  function settle() {
    if (!wanted) return
    watchHidden()
    const gone = (page.frozen || left || longHidden) && resumable()
    const next = gone ? 'page' : page.online ? null : 'network'
    if (next === held) return
    held = next
    if (next === null) release()
    else hold(next)
  }

  return {
    enter() {
      wanted = true
      settle()
    },
    update(change) {
      if (change === 'hide') left = true
      // Who comes back, by whatever way, is here.
      if (change === 'show' || change === 'resume' || (change === 'visibility' && page.visible)) left = false
      settle()
    },
    leave() {
      wanted = false
      clock.clearTimeout(timer)
      timer = null
      longHidden = false
    },
  }
}
