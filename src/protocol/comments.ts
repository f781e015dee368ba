import { COLON, CR, LF } from './ascii.js'

/**
 * Where the comments and blank lines that begin `bytes` end, within the first `most`: heartbeats are such, and need no
 * decoding. Only those that end in LF, which nearly all do.
 */
export function commentsEnd(bytes: Uint8Array, most: number): number {
  const length = Math.min(bytes.length, most)
  let end = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]
    if (at === end ? byte !== COLON && byte !== LF : byte === CR) break
    if (byte === LF) end = at + 1
  }
  return end
}
