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
  /**
   * An attempt broke: whether that may be for the page that is about to be left. Then `tell` is called once it is known.
   */
  explains(tell: () => void): boolean
  /** The stream has ended: no timer may be left. */
  leave(): void
}

/** So long after `beforeunload` a page may still be left, in ms. One that has been asked for a file only stays. */
const UNLOAD_MS = 3_000

export function createHold({ clock, page, hiddenMs, resumable, hold, release }: HoldOwner): Hold {
  /** The page was left, and may come back from the back/forward cache. */
  let left = false
  /** It was hidden for longer than the readers want. */
  let longHidden = false
  let timer: unknown = null
  let wanted = false
  let held: Holder | null = null
  let unloadUntil = -Infinity
  let telling: unknown = null
  let tell: (() => void) | null = null

  function forget() {
    clock.clearTimeout(telling)
    tell = null
  }

  /** Whether the page is left is known by now. */
  function isCertain() {
    const then = tell
    unloadUntil = -Infinity
    forget()
    then?.()
  }

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
      if (change === 'unload') unloadUntil = clock.now() + UNLOAD_MS
      // Who comes back, by whatever way, is here.
      if (change === 'show' || change === 'resume' || (change === 'visibility' && page.visible)) left = false
      settle()
      // What is held by now has nothing to tell.
      if (change === 'hide' || change === 'freeze') isCertain()
    },
    explains(then) {
      const ms = unloadUntil - clock.now()
      if (ms <= 0) return false
      forget()
      tell = then
      telling = clock.setTimeout(isCertain, ms)
      return true
    },
    leave() {
      wanted = false
      forget()
      clock.clearTimeout(timer)
      timer = null
      longHidden = false
    },
  }
}
