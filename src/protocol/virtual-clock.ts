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
  /** Time goes on by `ms`, backwards too, while no timer runs: as over a laptop's sleep, or when a clock is set. */
  sleep(ms: number): void
  /** Runs what waits for a frame, without moving time. What that schedules waits for the next one. */
  runFrames(): void
  /** How many timers and frames are waiting: 0 says that everything was released. */
  readonly pending: number
  /** When the next of them is due, in epoch ms; `null` when none waits. */
  readonly nextAt: number | null
}

/** Settings of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /** Where time starts, in epoch ms. Default: where it is. */
  now?: number | undefined
  /** Length of a frame in ms; `null` for an environment without frames. Default `16`. */
  frameMs?: number | null | undefined
  /** The jitter's source. Default: always `0.5`. */
  random?: (() => number) | undefined
}

interface Waiting {
  due: number
  readonly callback: () => void
  readonly frame: boolean
}

/**
 * Makes a clock for tests: nothing in it happens until `advance`.
 *
 * @example
 * ```tsx
 * import { createSSEClient } from 'eventwire/core'
 * import { createVirtualClock } from 'eventwire/testing'
 *
 * const clock = createVirtualClock({ now: 0 })
 * const client = createSSEClient({ clock })
 * client.subscribe('https://api.example.com/events')
 * await clock.advance(30_000)
 * ```
 */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { frameMs = 16, random = () => 0.5 } = options
  const start = options.now ?? Date.now()
  let now = start
  // By an object of their own: no other clock's handle stands for one of them.
  const waiting = new Set<Waiting>()

  const schedule = (callback: () => void, ms: number, frame = false): Waiting => {
    const entry = { due: now + Math.min(Math.max(ms, 0), MAX_DELAY), callback, frame }
    waiting.add(entry)
    return entry
  }
  // A seam: handles are opaque to callers.
  const cancel = (handle: unknown): void => void waiting.delete(handle as Waiting)

  /** The earliest; the older at equal times. */
  const earliest = () => {
    let next: Waiting | undefined
    for (const entry of waiting) if (!next || entry.due < next.due) next = entry
    return next
  }

  /** Runs the earliest if it is due by `until`; false when it is not. */
  const step = (until: number): boolean => {
    const next = earliest()
    if (!next || next.due > until) return false
    waiting.delete(next)
    now = Math.max(now, next.due)
    next.callback()
    return true
  }

  return {
    now: () => now,
    setTimeout: (callback, ms) => schedule(callback, ms),
    clearTimeout: cancel,
    // Frames fall on a fixed grid, as a display's do, and on the same one in every run.
    requestFrame: frameMs === null ? null : (callback) => schedule(callback, frameMs - ((now - start) % frameMs), true),
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
    sleep(ms) {
      now += ms
      // Timers go by another clock, which stood still.
      for (const entry of waiting) entry.due += ms
    },
    runFrames() {
      for (const entry of [...waiting]) if (entry.frame && waiting.delete(entry)) entry.callback()
    },
    get pending() {
      return waiting.size
    },
    get nextAt() {
      return earliest()?.due ?? null
    },
  }
}

/** The machine's own, before anyone fakes it. Under Jest, jsdom hides most of what Node has. */
const { MessageChannel: Channel, setTimeout: later } = globalThis as Partial<typeof globalThis>
const soon = (globalThis as { process?: typeof process }).process?.getBuiltinModule?.('node:timers').setImmediate

/** Lets promise reactions run, however long their chain, by yielding one macrotask. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    if (!Channel) return void (soon ?? later)?.(resolve)
    const { port1, port2 } = new Channel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
