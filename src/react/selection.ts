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

/** A `getSnapshot` for a part of the snapshot: the same snapshot gives the same object. */
export function selectFrom<S extends object, R>(
  getSnapshot: () => S,
  select: (snapshot: S) => R,
  isEqual: (a: R, b: R) => boolean,
  memory: SelectionMemory<R>,
): () => R {
  let last: { readonly snapshot: S; readonly value: R } | null = null
  return () => {
    const snapshot = getSnapshot()
    if (last?.snapshot === snapshot) return last.value
    let value = select(snapshot)
    const before = last ?? memory.read()
    if (before && isEqual(before.value, value)) value = before.value
    last = { snapshot, value }
    return value
  }
}
