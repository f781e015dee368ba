import { CR, LF } from './ascii.js'

/** Turns bytes into text, a line at least at a time where lines are short. */
export interface UTF8Decoder {
  /**
   * @param from - where in `bytes` to begin
   * @param unfinished - how long the line already is that `bytes` go on with
   */
  decode(bytes: Uint8Array, from: number, unfinished: number): void
  /** How many bytes wait for the end of their line, or of their character: that many at least. */
  waiting(): number
  /** Decodes what waits. */
  release(): void
}

/** No bytes to go by. */
export const EMPTY = new Uint8Array()

/** How many bytes of a line may wait for its end: a decoder costs by the call, and most for characters that are cut. */
const HELD = 1024
/** Below this many bytes a `TextDecoder` call costs more than their ASCII characters one by one. */
const TINY = 24
/** Bytes decoded at once. A slice keeps alive the string it was cut from, so this bounds what a kept one costs. */
const PIECE = 8192

/**
 * @param emit - takes a text and the bytes that it was decoded from, or `EMPTY` where those will not stay or do not
 * begin with the text. As many bytes as characters means that they pair off: none is ever decoded to more than its own.
 */
export function createUTF8Decoder(emit: (text: string, bytes: Uint8Array) => void): UTF8Decoder {
  // The BOM is stripped here: every call that is not streaming would strip another.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let atBeginning = true
  let sequenceOpen = false
  const held = new Uint8Array(HELD)
  let heldLength = 0

  function hold(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) held[heldLength++] = bytes[i] ?? 0
  }

  function release(): void {
    if (heldLength) convert(held.subarray(0, heldLength), EMPTY)
    heldLength = 0
  }

  function convert(bytes: Uint8Array, source = bytes): void {
    const { length } = bytes
    const origin = sequenceOpen ? EMPTY : source
    let ascii = length < TINY && !sequenceOpen
    for (let i = 0; ascii && i < length; i++) ascii = (bytes[i] ?? 0) < 128
    // After ASCII no sequence is open: a call that is not streaming means the same then, and is faster.
    sequenceOpen = (bytes[length - 1] ?? 0) > 127
    // A seam: `apply` takes anything that has a length, which its type does not say.
    let text = ascii
      ? String.fromCharCode.apply(null, bytes as unknown as number[])
      : decoder.decode(bytes, sequenceOpen ? { stream: true } : undefined)
    if (!text) return
    // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any."
    if (atBeginning && text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    atBeginning = false
    emit(text, origin)
  }

  return {
    decode(bytes, from, unfinished) {
      const { length } = bytes
      if (from) {
        atBeginning = false
        if (from === length) return
      }
      // What follows the last line end waits, if it is short: no character in it can be cut then. In a long line the
      // end is not looked for.
      const reach = unfinished > PIECE && length > HELD ? 0 : HELD
      const to = cut(bytes, from, length, reach)
      if (heldLength && to > from) {
        if (heldLength + to - from <= HELD) {
          hold(bytes, from, to)
          from = to
        }
        release()
      }
      // Within a long line pieces grow with it: what follows its end keeps alive a 64th of it at most.
      const piece = Math.max(PIECE, unfinished >> 6)
      while (from < to) {
        const end = from + piece < to ? cut(bytes, from, from + piece, reach) : to
        convert(end - from < length ? bytes.subarray(from, end) : bytes)
        from = end
      }
      if (heldLength + length - to > HELD) release()
      hold(bytes, to, length)
    },
    waiting: () => heldLength + Number(sequenceOpen),
    release,
  }
}

/** Behind the last line end before `to`; `to` itself if none is within `reach`; `from` if none comes after it. */
function cut(bytes: Uint8Array, from: number, to: number, reach: number): number {
  const floor = Math.max(from, to - reach)
  let at = to
  while (at > floor && !isLineEnd(bytes[at - 1])) at--
  return at === floor && floor > from ? to : at
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR
}
