import type { Clock } from './clock.js'
import { MAX_DELAY } from './clock.js'

/** A {@link Clock} that stands still until told otherwise. */
export interface VirtualClock extends Clock {
  /**
   * Moves time on by `ms`, running what falls due in order of its time. Between two callbacks, and once
   * more at the end, all promise reactions run, so work that timers start asynchronously has happened.
   */
  advance(ms: number): Promise<void>
  /** The same, without letting promise reactions run in between. */
  advanceSync(ms: number): void
  /** How many timers and frames are waiting: 0 says that everything was released. */
  readonly pending: number
}

/** Settings of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /** Where time starts, in epoch ms. Default `0`. */
  now?: number
  /** Length of a frame in ms; `null` for an environment without frames. Default `16`. */
  frameMs?: number | null
  /** The jitter's source. Default: always `0.5`. */
  random?: () => number
}

/** Makes a clock for tests: nothing in it happens until `advance`. */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { frameMs = 16, random = () => 0.5 } = options
  let now = options.now ?? 0
  let serial = 0
  const waiting = new Map<number, { due: number; callback: () => void }>()

  const schedule = (callback: () => void, ms: number): number => {
    waiting.set(++serial, { due: now + Math.min(Math.max(ms, 0), MAX_DELAY), callback })
    return serial
  }
  // A seam: handles are opaque to callers, and each clock gets back only its own.
  const cancel = (handle: unknown): void => void waiting.delete(handle as number)

  /** Runs the earliest timer due by `until` (the older first at equal times); false when there is none. */
  const step = (until: number): boolean => {
    let next: [number, { due: number; callback: () => void }] | undefined
    for (const entry of waiting) if (entry[1].due <= until && (!next || entry[1].due < next[1].due)) next = entry
    if (!next) return false
    waiting.delete(next[0])
    now = Math.max(now, next[1].due)
    next[1].callback()
    return true
  }

  return {
    now: () => now,
    setTimeout: schedule,
    clearTimeout: cancel,
    // Frames fall on a fixed grid, as a display's do.
    requestFrame: frameMs === null ? null : (callback) => schedule(callback, frameMs - (now % frameMs)),
    cancelFrame: cancel,
    random,
    async advance(ms) {
      const until = now + ms
      await settle()
      while (step(until)) await settle()
      now = until
    },
    advanceSync(ms) {
      const until = now + ms
      while (step(until));
      now = until
    },
    get pending() {
      return waiting.size
    },
  }
}

/** Lets promise reactions run, however long their chain, by yielding one macrotask. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
