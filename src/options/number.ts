/**
 * A number that a user, or a configuration of theirs, gave: `fallback` stands in for what is none, so that no NaN ever
 * reaches a timer or a bound. Infinity is a number.
 */
export function numberOr(fallback: number, value: unknown, least = 0): number {
  return typeof value === 'number' && value >= least ? value : fallback
}

/** A number of things to keep: whole and finite, so that what is kept is bounded; 0 for what is neither. */
export function boundOf(value: unknown): number {
  const whole = Math.trunc(numberOr(0, value))
  return Number.isSafeInteger(whole) ? whole : 0
}
