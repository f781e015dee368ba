import type { Decoder } from '../options/decoder.js'
import { decoderOf, sharedName } from '../options/decoder.js'

/** Objects that JSON and most schemas make. Others may be shared with who made them: they are not ours to freeze. */
function isOurs(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || Array.isArray(value)
}

/** Freezes the data of an event, in development, so that a reader that changes it fails where the mistake is. */
export function freezeData(value: unknown): void {
  if (!isOurs(value) || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const part of Object.values(value)) freezeData(part)
}

/** Whether what a decoder makes is new and nobody else's. What a function of the user's gives may be kept elsewhere. */
export function makesOwnData(decoder: Decoder | undefined): boolean {
  return decoder === undefined || typeof decoderOf(decoder) !== 'function' || sharedName(decoder) !== null
}
