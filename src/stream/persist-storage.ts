import type { PersistStorage } from '../options/persist-options.js'
import type { Report } from '../options/reader-options.js'
import { isThenable } from '../protocol/promise.js'
import { guarded } from './callback.js'

/** A storage of any kind, under one set of names. What it gives it may give later; one thing happens after the other. */
export interface Shelf {
  get(name: string): unknown
  set(name: string, text: string): unknown
  remove(name: string): unknown
  /** Removes every record that was ever written there, and the index, as one: nothing comes between. */
  clear(): unknown
  /** Another number after each `clear`: what was begun before belongs to the user before. */
  readonly epoch: number
}

/** Where the names of all records are kept that were written there. */
const INDEX = 'eventwire'

const shelves = new WeakMap<PersistStorage, Shelf>()

/** The shelf of a storage, always the same; `null` where there is none. Accessing the default may be forbidden, and throws. */
export function shelfOf(storage: PersistStorage | undefined): Shelf | null {
  const given = storage ?? (globalThis as { readonly sessionStorage?: PersistStorage }).sessionStorage
  if (!given) return null
  const known = shelves.get(given) ?? createShelf(given)
  shelves.set(given, known)
  return known
}

function createShelf(storage: PersistStorage): Shelf {
  /** What is still under way, of a storage that answers later. */
  let last: Promise<unknown> | null = null

  function run(act: () => unknown): unknown {
    const answer = last ? last.then(act) : act()
    if (!isThenable(answer)) return answer
    const mine = Promise.resolve(answer)
    const settled = mine.catch(() => {}).then(() => void (last === settled && (last = null)))
    last = settled
    return mine
  }

  const get = (name: string) => ('getItem' in storage ? storage.getItem(name) : storage.get(name))
  const set = (name: string, text: string) => ('setItem' in storage ? storage.setItem(name, text) : storage.set(name, text))
  const remove = (name: string) => ('removeItem' in storage ? storage.removeItem(name) : storage.del(name))
  let epoch = 0

  return {
    get: (name) => run(() => get(name)),
    set: (name, text) => run(() => set(name, text)),
    remove: (name) => run(() => remove(name)),
    clear() {
      epoch++
      return run(() =>
        whenThere(get(INDEX), (index) => {
          const names = namesIn(index)
          const gone = names.length > 0 ? [...names, INDEX].map(remove) : []
          return gone.some(isThenable) ? Promise.all(gone) : undefined
        }),
      )
    },
    get epoch() {
      return epoch
    },
  }
}

/** Goes on with an answer: at once where it is there. */
export function whenThere<T>(answer: unknown, next: (answer: unknown) => T): T | Promise<T> {
  return isThenable(answer) ? Promise.resolve(answer).then(next) : next(answer)
}

/** Has the index name a record that is about to be written. */
export function enlist(shelf: Shelf, name: string): unknown {
  return whenThere(shelf.get(INDEX), (index) => {
    const names = namesIn(index)
    return names.includes(name) || shelf.set(INDEX, JSON.stringify([...names, name]))
  })
}

/** Removes every record that was ever written to these, and to the default, whether anyone reads its stream now or not. */
export function forgetRecords(used: Iterable<Shelf>, onUncaught: Report | undefined): void {
  guarded(onUncaught, () => {
    for (const shelf of new Set([...used, ...defaultShelf()])) guarded(onUncaught, () => shelf.clear())
  })
}

function defaultShelf(): readonly Shelf[] {
  const shelf = shelfOf(undefined)
  return shelf ? [shelf] : []
}

function namesIn(index: unknown): readonly string[] {
  try {
    const names: unknown = JSON.parse(typeof index === 'string' ? index : '[]')
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}
