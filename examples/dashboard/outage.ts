import type { Clock } from './clock.ts'

/** A time during which the server answers 503. */
export interface Outage {
  /** Starts it, or starts it over. */
  begin(): void
  /** How long it still lasts, in ms; 0 when there is none. */
  remaining(): number
}

export function createOutage(clock: Clock, lengthMs: number): Outage {
  let until = 0
  return {
    begin() {
      until = clock.now() + lengthMs
    },
    remaining: () => Math.max(0, until - clock.now()),
  }
}
