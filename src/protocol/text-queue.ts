import { EMPTY } from './utf8-decoder.js'

interface Text {
  readonly text: string
  source: Uint8Array
}

const NOTHING: Text = { text: '', source: EMPTY }

/** Decoded texts that wait to be read, one after the other, and the bytes that each was decoded from. */
export class TextQueue {
  /** What is being read; `''` for nothing. */
  text = ''
  /** Its bytes; `EMPTY` where they are not known, or may be others by now. */
  source: Uint8Array = EMPTY
  readonly #waiting: Text[] = []
  /** How many of them have been taken: `shift` would move all the others each time. */
  #taken = 0

  add(text: string, source: Uint8Array): void {
    if (this.text) this.#waiting.push({ text, source })
    else {
      this.text = text
      this.source = source
    }
  }

  /** Goes on to the next text; `false` when there is none. */
  next(): boolean {
    const waiting = this.#waiting
    this.text = ''
    this.source = EMPTY
    if (!waiting.length) return false
    ;({ text: this.text, source: this.source } = waiting[this.#taken] ?? NOTHING)
    waiting[this.#taken++] = NOTHING
    if (this.#taken === waiting.length) waiting.length = this.#taken = 0
    return this.text !== ''
  }

  /** The bytes may be others from now on. */
  expire(): void {
    this.source = EMPTY
    for (const piece of this.#waiting) piece.source = EMPTY
  }

  clear(): void {
    this.text = ''
    this.source = EMPTY
    this.#waiting.length = this.#taken = 0
  }
}
