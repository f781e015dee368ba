/** Time as the server sees it, so that a test can bring its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(handle: unknown): void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  // A seam: handles are opaque to callers, and each clock gets back only its own.
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}
