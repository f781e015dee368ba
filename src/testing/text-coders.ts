type Globals = Partial<Pick<typeof globalThis, 'TextEncoder' | 'TextDecoder' | 'process'>>

/** Jest's jsdom hides Node's `TextEncoder` and `TextDecoder`, which every browser has: gives them back. */
export function lendTextCoders(): void {
  const globals = globalThis as Globals
  if (globals.TextDecoder && globals.TextEncoder) return
  const coders = globals.process?.getBuiltinModule?.('node:util')
  if (!coders) return
  globals.TextEncoder ??= coders.TextEncoder
  globals.TextDecoder ??= coders.TextDecoder
}
