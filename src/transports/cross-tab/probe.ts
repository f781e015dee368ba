import type { Clock } from '../../protocol/clock.js'

/** So long may an owner say nothing before it is asked whether it is there, and so long may it take to answer, in ms. */
const SILENCE_MS = 2_000
const ANSWER_MS = 1_000
/** Later than this a timer was held back: what it measured says nothing of others. */
const LATE_MS = 1_000

/** Asks a silent owner whether it is there: one that was stopped from outside keeps its lock. */
export interface Probe {
  /** The owner said something. */
  heard(): void
  start(): void
  stop(): void
}

/** @param isAsked - whether this tab is one that asks: a hidden one is throttled, and can't judge */
export function createProbe(clock: Clock, isAsked: () => boolean, ping: () => void, silent: () => void): Probe {
  let timer: unknown
  let heardAt = 0

  function wait(ms: number, then: (late: boolean) => void) {
    const due = clock.now() + ms
    clock.clearTimeout(timer)
    timer = clock.setTimeout(() => then(clock.now() - due > LATE_MS), ms)
  }

  function watch() {
    wait(SILENCE_MS, (late) => {
      const askedAt = clock.now()
      if (late || !isAsked() || askedAt - heardAt < SILENCE_MS) return watch()
      ping()
      return wait(ANSWER_MS, (tooLate) => {
        if (!tooLate && heardAt < askedAt) silent()
        watch()
      })
    })
  }

  return {
    heard() {
      heardAt = clock.now()
    },
    start() {
      heardAt = clock.now()
      watch()
    },
    stop: () => clock.clearTimeout(timer),
  }
}
