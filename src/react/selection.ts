import { promiseError } from 'eventwire/core'

/** Remembers the selection that is on screen, so that an equal one keeps its identity. */
export interface SelectionMemory<R> {
  read(): { readonly value: R } | null
  keep(value: R): void
}

export function createSelectionMemory<R>(): SelectionMemory<R> {
  let kept: { readonly value: R } | null = null
  return {
    read: () => kept,
    keep(value) {
      kept = { value }
    },
  }
}

/**
 * A `getSnapshot` for a part of the snapshot: the same snapshot gives the same object.
 *
 * @param refuse - hears of a promise, which is no answer
 */
export function selectFrom<S extends object, R>(
  getSnapshot: () => S,
  select: (snapshot: S) => R,
  isEqual: (a: R, b: R) => boolean,
  memory: SelectionMemory<R>,
  refuse: (error: TypeError) => void,
): () => R {
  let last: { readonly snapshot: S; readonly value: R } | null = null

  function isSame(a: R, b: R): boolean {
    const answer = isEqual(a, b)
    const asynchronous = promiseError('isEqual', answer)
    if (asynchronous) refuse(asynchronous)
    return !asynchronous && answer
  }

  return () => {
    const snapshot = getSnapshot()
    if (last?.snapshot === snapshot) return last.value
    let value = select(snapshot)
    const before = last ?? memory.read()
    const asynchronous = promiseError('select', value)
    if (asynchronous) {
      refuse(asynchronous)
      // A seam: without an answer there is the last one, or none.
      value = before?.value as R
    } else if (before && isSame(before.value, value)) value = before.value
    last = { snapshot, value }
    return value
  }
}
