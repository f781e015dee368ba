import type { VirtualClock, VirtualClockOptions } from '../protocol/virtual-clock.js'
import { MAX_DELAY } from '../protocol/clock.js'
import { settle } from '../protocol/virtual-clock.js'

/** Moves the fake timers of a test runner: `vi.advanceTimersByTime`, or Jest's. */
export type AdvanceTimers = (ms: number) => unknown

interface Waiting {
  readonly due: number
  readonly frame: boolean
  readonly timer: ReturnType<typeof setTimeout>
  readonly callback: () => void
}

/** A clock that goes by a runner's fake timers: whoever moves one moves the other. */
export function createRunnerClock(advanceTimers: AdvanceTimers, options: VirtualClockOptions = {}): VirtualClock {
  const { frameMs = 16, random = () => 0.5 } = options
  const start = Date.now()
  /** By how much time is ahead of the timers. */
  let slept = 0
  const waiting = new Set<Waiting>()

  function schedule(callback: () => void, ms: number, frame = false): Waiting {
    const delay = Math.min(Math.max(ms, 0), MAX_DELAY)
    const entry: Waiting = {
      due: Date.now() + delay,
      frame,
      callback,
      timer: setTimeout(() => waiting.delete(entry) && callback(), delay),
    }
    waiting.add(entry)
    return entry
  }

  function cancel(handle: unknown) {
    // A seam: handles are opaque to callers.
    const entry = handle as Waiting
    if (waiting.delete(entry)) clearTimeout(entry.timer)
  }

  return {
    now: () => Date.now() + slept,
    setTimeout: (callback, ms) => schedule(callback, ms),
    clearTimeout: cancel,
    requestFrame:
      frameMs === null ? null : (callback) => schedule(callback, frameMs - ((Date.now() - start) % frameMs), true),
    cancelFrame: cancel,
    random,
    async advance(ms) {
      await settle()
      await advanceTimers(ms)
      await settle()
    },
    advanceSync: (ms) => void advanceTimers(ms),
    sleep(ms) {
      slept += ms
    },
    runFrames() {
      for (const entry of [...waiting]) {
        if (!entry.frame || !waiting.has(entry)) continue
        cancel(entry)
        entry.callback()
      }
    },
    get pending() {
      return waiting.size
    },
    get nextAt() {
      return waiting.size > 0 ? Math.min(...[...waiting].map(({ due }) => due)) + slept : null
    },
  }
}
