import type { ReaderSlot, SSESnapshot } from 'eventwire/core'
import { overlaid } from 'eventwire/core'

/** What a hook reads, in a render or on screen. */
export interface Shown {
  readonly slot: ReaderSlot
  readonly key: string
  readonly getSnapshot: () => SSESnapshot
  /** `undefined` while there is no source to say. */
  readonly keeps: boolean | undefined
  /** Another number when what was kept may be gone: what else is the same the React Compiler asks for once. */
  readonly asks: number
}

/**
 * What the source before showed, until the new one has something of its own, or the client forgets everything: then
 * nothing brings it back.
 */
export interface Previous {
  under(snapshot: SSESnapshot): SSESnapshot
}

/** Remembers what was on screen before another source came. Nothing here sets state: a source may never stay the same. */
export interface PreviousData {
  /** What to show under the snapshot of what is read now; `null` for nothing. */
  before(now: Shown): Previous | null
  /** This is on screen. */
  commit(now: Shown): void
  /** `false` when there was nothing to drop. */
  drop(): boolean
}

export function createPreviousData(): PreviousData {
  let screen: (Shown & { readonly previous: Previous | null; readonly kept: boolean }) | null = null
  /** Worked out for a render that is not on screen yet, and may be rendered again before it is. */
  let next: { readonly slot: ReaderSlot; readonly key: string; readonly previous: Previous | null } | null = null

  function before({ slot, key, keeps }: Shown): Previous | null {
    if (!screen || (screen.slot === slot && screen.key === key)) return screen?.previous ?? null
    if (next?.slot === slot && next.key === key) return next.previous
    // Without a source nobody says: the last one's word counts. Nothing goes from one client to another.
    const kept = (keeps ?? screen.kept) && screen.slot === slot
    const previous = kept ? createPrevious(screen.getSnapshot(), screen.previous, slot.epoch) : null
    next = { slot, key, previous }
    return previous
  }

  return {
    before,
    commit(now) {
      screen = { ...now, previous: before(now), kept: now.keeps ?? screen?.kept ?? false }
      next = null
    },
    drop() {
      if (!screen?.previous) return false
      screen = { ...screen, previous: null }
      return true
    },
  }
}

function createPrevious(last: SSESnapshot, before: Previous | null, epoch: () => number): Previous {
  const began = epoch()
  let kept: SSESnapshot | null = before?.under(last) ?? last
  return {
    under(snapshot) {
      if (snapshot.lastEvent || epoch() !== began) kept = null
      if (!kept) return snapshot
      const { data, lastEvent, latest, history } = kept
      return overlaid(snapshot, { data, lastEvent, latest, history })
    },
  }
}
