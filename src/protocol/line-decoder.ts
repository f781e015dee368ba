/** Turns bytes into text, a line at least at a time where lines are short. */
export interface LineDecoder {
  /**
   * @param from - where in `bytes` to begin
   * @param unfinished - how long the line already is that `bytes` go on with
   */
  decode(bytes: Uint8Array, from: number, unfinished: number): void
  /** How many bytes wait for the end of their line. */
  waiting(): number
  /** Decodes what waits. */
  release(): void
}

const LF = 10
const CR = 13

/** How many bytes of a line may wait for its end: a decoder costs by the call, and most for characters that are cut. */
const HELD = 1024
/** Below this many bytes a `TextDecoder` call costs more than their ASCII characters one by one. */
const TINY = 24
/** Bytes decoded at once. A slice keeps alive the string it was cut from, so this bounds what a kept one costs. */
const PIECE = 8192

export function createLineDecoder(emit: (text: string) => void): LineDecoder {
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
    if (heldLength) convert(held.subarray(0, heldLength))
    heldLength = 0
  }

  function convert(bytes: Uint8Array): void {
    const { length } = bytes
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
    emit(text)
  }

  return {
    decode(bytes, from, unfinished) {
      const { length } = bytes
      if (from) atBeginning = false
      // What follows the last line end waits, if it is short: no character in it can be cut then.
      let to = length
      const floor = Math.max(from, length - HELD)
      while (to > floor && !isLineEnd(bytes[to - 1])) to--
      if (to === floor && floor > from) to = length

      if (heldLength && to > from) {
        // Put together up to the last line end if that fits, else up to the first.
        let end = to
        const room = HELD - heldLength
        if (end - from > room) {
          end = from
          while (end - from < room && !isLineEnd(bytes[end])) end++
          if (end - from < room) end++
        }
        hold(bytes, from, end)
        release()
        from = end
      }
      // Within a long line pieces grow with it: there is nothing short to keep.
      const piece = Math.max(PIECE, unfinished >> 4)
      while (from < to) {
        let end = Math.min(from + piece, to)
        if (end < to) {
          // Cut behind a line end, if one is near.
          while (end > from + piece - HELD && !isLineEnd(bytes[end - 1])) end--
          if (!isLineEnd(bytes[end - 1])) end = from + piece
        }
        convert(end - from < length ? bytes.subarray(from, end) : bytes)
        from = end
      }
      if (heldLength + length - to > HELD) release()
      hold(bytes, to, length)
    },
    waiting: () => heldLength,
    release,
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR
}
