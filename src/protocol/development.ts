/**
 * Whether `process.env.NODE_ENV` can be read. Bundlers put a word in its place; a page that loads the module as it is has
 * no `process`, and counts as production. Whoever asks for the mode asks this first:
 * `if (MODE_KNOWN && process.env.NODE_ENV !== 'production')` still folds to nothing in a production bundle.
 */
export const MODE_KNOWN: boolean = /* @__PURE__ */ (() => {
  try {
    return process.env.NODE_ENV !== null
  } catch {
    return false
  }
})()

/** So many different messages are remembered; a program that has more of them to say may hear one twice. */
const REMEMBERED = 256

const warned = new Set<string>()

/** Tells a developer something, and not twice. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return
  if (warned.size >= REMEMBERED) warned.clear()
  warned.add(message)
  console.warn(message)
}
