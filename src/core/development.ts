const warned = new Set<string>()

/** Tells a developer something, and never twice. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  console.warn(message)
}
