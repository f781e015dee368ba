import { MODE_KNOWN, warnOnce } from './development.js'
import { settled } from './promise.js'

/** Of what is larger no copy is made. */
const LARGEST = 1_000

/**
 * What a reducer makes of a state. In development it is told, once, when it changes the state that it was given and returns
 * it: to React that is the same state, and nothing renders.
 *
 * @internal
 * @throws TypeError for a promise, which nobody would wait for
 */
export function reduced<R>(name: string, reduce: () => R, state: unknown): R {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return settled(name, reduce())
  const before = copyOf(state)
  const after = settled(name, reduce())
  if (before && Object.is(after, state) && differs(before, entriesOf(state)))
    warnOnce(
      `eventwire: ${name} changed the state that it was given and returned the same object, which renders nothing. ` +
        `Return a new one: ${Array.isArray(state) ? '[...list, item]' : '{ ...state, key: value }'}`,
    )
  return after
}

type Entries = readonly (readonly [string, unknown])[]

function entriesOf(state: unknown): Entries {
  return typeof state === 'object' && state !== null ? Object.entries(state) : []
}

function copyOf(state: unknown): Entries | null {
  if (typeof state !== 'object' || state === null) return null
  const prototype: unknown = Object.getPrototypeOf(state)
  if (!Array.isArray(state) && prototype !== Object.prototype && prototype !== null) return null
  if (Array.isArray(state) && state.length > LARGEST) return null
  const entries = entriesOf(state)
  return entries.length > LARGEST ? null : entries
}

function differs(before: Entries, after: Entries): boolean {
  return before.length !== after.length || before.some(([key, value], at) => key !== after[at]?.[0] || !Object.is(value, after[at]?.[1]))
}
