import type { Clock } from './clock.ts'

/** What the server does with whoever asks for the stream: answers 503, or accepts and stays silent. */
export type OutageKind = 'refused' | 'silent'

/** A time during which there is no stream. */
export interface Outage {
  /** Starts it, or starts it over. */
  begin(kind: OutageKind, ms: number): void
  /** What is going on and for how long still, in ms; `null` when nothing is. */
  now(): { kind: OutageKind; remainingMs: number } | null
}

export function createOutage(clock: Clock): Outage {
  let kind: OutageKind = 'refused'
  let until = 0
  return {
    begin(which, ms) {
      kind = which
      until = clock.now() + ms
    },
    now() {
      const remainingMs = until - clock.now()
      return remainingMs > 0 ? { kind, remainingMs } : null
    },
  }
}
