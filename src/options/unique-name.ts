let serial = 0

/** A name that nothing else in this program has. */
export function uniqueName(prefix: string): string {
  return prefix + ++serial
}
