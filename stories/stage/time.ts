import type { InProcessMockSSE } from 'eventwire/testing'

/** How time stands for whoever watches a story. */
export interface TimeState {
  readonly running: boolean
  /** Virtual ms for one real ms. */
  readonly speed: number
  /** Virtual now, in epoch ms. */
  readonly now: number
}

/** The virtual time of one story: moved by a real ticker for visitors, by hand for play functions. */
export interface Time {
  subscribe(changed: () => void): () => void
  getSnapshot(): TimeState
  run(): void
  pause(): void
  setSpeed(speed: number): void
  /** Moves it on at once. What moves it already comes first. */
  advance(ms: number): Promise<void>
}

const TICK_MS = 50
/** A tab that was hidden does not catch up on all it missed. */
const LONGEST_TICK_MS = 250

export function createTime({ clock, advance }: Pick<InProcessMockSSE, 'clock' | 'advance'>): Time {
  const watchers = new Set<() => void>()
  let state: TimeState = { running: false, speed: 1, now: clock.now() }
  let timer: ReturnType<typeof setInterval> | undefined
  let moving: Promise<void> = Promise.resolve()
  let ticking = false

  function change(to: Partial<TimeState>) {
    state = { ...state, ...to }
    for (const changed of [...watchers]) changed()
    keepTicking()
  }

  function move(run: () => Promise<void>): Promise<void> {
    // Two that move the same clock at once would each move it the whole way.
    moving = moving.then(run).then(() => change({ now: clock.now() }))
    return moving
  }

  /** The ticker runs while somebody watches. */
  function keepTicking() {
    const wanted = state.running && watchers.size > 0
    if (wanted === (timer !== undefined)) return
    if (!wanted) {
      clearInterval(timer)
      timer = undefined
      return
    }
    let last = performance.now()
    timer = setInterval(() => {
      const now = performance.now()
      const passed = Math.min(now - last, LONGEST_TICK_MS)
      last = now
      if (ticking) return
      ticking = true
      // As in an app: React renders when it sees fit.
      void move(() => clock.advance(passed * state.speed)).finally(() => (ticking = false))
    }, TICK_MS)
  }

  return {
    subscribe(changed) {
      watchers.add(changed)
      keepTicking()
      return () => {
        watchers.delete(changed)
        keepTicking()
      }
    },
    getSnapshot: () => state,
    run: () => change({ running: true }),
    pause: () => change({ running: false }),
    setSpeed: (speed) => change({ speed }),
    advance: (ms) => move(() => advance(ms)),
  }
}
