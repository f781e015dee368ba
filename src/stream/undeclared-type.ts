import type { EventMap } from '../options/reader-options.js'
import type { Reader } from './readers.js'
import { distance } from '../protocol/spelling.js'
import { warnOnce } from '../protocol/development.js'

/** No name that a person types is longer; the work grows with the square of the length. */
const LONGEST = 64
/** So many types are remembered as looked at; past it nothing more is said. */
const REMEMBERED = 256

const looked = new WeakMap<EventMap, Set<string>>()

/** Says, once a type and in development, that an event came under a name that is almost one that was declared. */
export function warnOfTypo(type: string, events: EventMap, readers: readonly Reader[]): void {
  const seen = looked.get(events) ?? new Set()
  looked.set(events, seen)
  if (type.length > LONGEST || seen.has(type) || seen.size >= REMEMBERED) return
  seen.add(type)
  if (readers.some((reader) => reader.settings.onUndeclared)) return
  const near = Object.keys(events).find((declared) => declared.length <= LONGEST && distance(declared, type) < 3)
  if (near) warnOnce(`eventwire: an event of type '${type}' came, which is not declared. Did you mean '${near}'?`)
}
