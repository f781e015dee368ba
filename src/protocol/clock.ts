/**
 * Time as eventwire sees it. Every delay, timestamp and frame goes through one of these,
 * so that tests own time.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `callback` once after `ms` milliseconds; returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(handle: unknown): void
  /** Calls `callback` before the next paint; `null` where there are no frames (a timer then serves). */
  readonly requestFrame: ((callback: () => void) => unknown) | null
  cancelFrame(handle: unknown): void
  /** A number in [0, 1), for jitter. */
  readonly random: () => number
}

/** The longest delay that timers keep: past 2³¹−1 ms they fire at once. */
export const MAX_DELAY = 2_147_483_647

interface FrameGlobals {
  requestAnimationFrame?: (callback: () => void) => number
  cancelAnimationFrame?: (handle: number) => void
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, MAX_DELAY)),
  // A seam: handles are opaque to callers, and each clock gets back only its own.
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  get requestFrame() {
    return (globalThis as FrameGlobals).requestAnimationFrame?.bind(globalThis) ?? null
  },
  cancelFrame: (handle) => (globalThis as FrameGlobals).cancelAnimationFrame?.(handle as number),
  random: () => Math.random(),
}

/** Another clock at every call, so that what holds on to this one needs not know of a change. */
export function clockOfNow(now: () => Clock): Clock {
  return {
    now: () => now().now(),
    setTimeout: (callback, ms) => now().setTimeout(callback, ms),
    clearTimeout: (handle) => now().clearTimeout(handle),
    get requestFrame() {
      const clock = now()
      return clock.requestFrame?.bind(clock) ?? null
    },
    cancelFrame: (handle) => now().cancelFrame(handle),
    random: () => now().random(),
  }
}
