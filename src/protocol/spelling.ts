/**
 * The one of `names` that was probably meant: two letters that changed places are one mistake, as one that is another.
 *
 * @internal
 */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const near = names.map((known) => ({ known, mistakes: known.toLowerCase() === name.toLowerCase() ? 0 : distance(known, name) }))
  return near.filter(({ mistakes }) => mistakes < 3).sort((a, b) => a.mistakes - b.mistakes)[0]?.known
}

/** Levenshtein's, with Damerau's swap: how many letters to change, add, leave out, or have change places with the next. */
export function distance(a: string, b: string): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped ? (before[j - 2] ?? 0) + 1 : Infinity)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
