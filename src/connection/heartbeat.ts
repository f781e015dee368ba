/** Beats nearer than this are one: padding, or a comment a line. */
const NEAR_MS = 1_000
/** No silence shorter than this says anything. */
const LEAST_MS = 5_000
/** After so many beats that were missed the stream is dead. */
const MISSED = 3
/** A beat is short; and so many kinds are looked at. */
const LONGEST = 256
const KINDS = 8

/** What a server's heartbeats tell of how long it is ever silent. Holds for later attempts, too. */
export interface Heartbeat {
  /**
   * Something came that may be a beat.
   *
   * @param kind - `''` for a comment, else the event's type
   * @param text - the event's data: a beat always says the same, or nothing
   */
  heard(kind: string, text: string, at: number): void
  /** A silence of so many ms says that the stream is dead; `null` as long as no heartbeat is known. */
  readonly silenceMs: number | null
  /** It was silent for that long, and an attempt that followed is under way. */
  missed(): void
}

interface Beats {
  readonly text: string
  /** When the last came, at most four. */
  times: number[]
}

export function createHeartbeat(): Heartbeat {
  const kinds = new Map<string, Beats | null>()
  let intervalMs: number | null = null
  let factor = 1

  function learn(times: readonly number[]) {
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
    const longest = Math.max(...gaps)
    if (intervalMs !== null) intervalMs = Math.max(intervalMs, gaps.at(-1) ?? 0)
    // Three intervals that differ by less than half.
    else if (gaps.length >= 3 && longest < Math.min(...gaps) * 1.5) intervalMs = longest
  }

  return {
    heard(kind, text, at) {
      const known = kinds.get(kind)
      // It said something else before: no beat, and never one.
      if (known === null) return
      if (known === undefined) {
        if (kinds.size < KINDS) kinds.set(kind, text.length > LONGEST ? null : { text, times: [at] })
        return
      }
      if (known.text !== text && kind !== '') {
        kinds.set(kind, null)
        return
      }
      const last = known.times.at(-1) ?? -Infinity
      if (at - last < NEAR_MS) return
      // Longer than the silence that says that it is dead: a machine slept, and that is no rhythm.
      const rhythm = intervalMs === null || at - last <= intervalMs * MISSED
      known.times = rhythm ? [...known.times.slice(-3), at] : [at]
      factor = 1
      learn(known.times)
    },
    get silenceMs() {
      return intervalMs === null ? null : Math.max(intervalMs * MISSED * factor, LEAST_MS)
    },
    missed() {
      // A server that stopped its heartbeats for good is asked ever more rarely.
      factor *= 2
      for (const beats of kinds.values()) if (beats) beats.times = []
    },
  }
}
