import type { Clock } from '../protocol/clock.js'
import { numberOr } from '../options/number.js'

/** How long a stream stays that nobody reads. */
export interface Linger {
  /** A reader has left, which asked for so many ms: of those who read it the one that asked for most counts. */
  left(ms: number | undefined): void
  /** Someone reads it again. */
  stay(): void
  /** It goes now. */
  end(): void
}

/** What happens to the stream. */
export interface LingeringStream {
  isRead(): boolean
  /** A reader has left that others outlive. */
  tidy(): void
  /** It goes. */
  release(): void
}

export function createLinger(clock: Clock, { isRead, tidy, release }: LingeringStream): Linger {
  let longest = 0
  let timer: unknown = null

  function stay() {
    clock.clearTimeout(timer)
    timer = null
  }

  function end() {
    stay()
    longest = 0
    release()
  }

  function settle() {
    if (isRead()) tidy()
    else if (timer === null) end()
  }

  return {
    left(ms) {
      longest = Math.max(longest, numberOr(0, ms))
      if (!isRead() && longest > 0) timer ??= clock.setTimeout(end, longest)
      // A microtask outlives a StrictMode remount and no more.
      else queueMicrotask(settle)
    },
    stay,
    end,
  }
}
