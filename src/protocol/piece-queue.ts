import { EMPTY } from './line-decoder.js'

/** A text that waits to be read, and the bytes that it was decoded from while they are as they were. */
export interface Piece {
  readonly text: string
  bytes: Uint8Array
}

export interface PieceQueue {
  push(text: string, bytes: Uint8Array): void
  /** Takes the oldest. */
  take(): Piece | undefined
  /** The bytes may change from now on. */
  dropBytes(): void
  clear(): void
}

export function createPieceQueue(): PieceQueue {
  let pieces: (Piece | undefined)[] = []
  /** What has been taken: `shift` would move all the others each time. */
  let taken = 0
  return {
    push(text, bytes) {
      pieces.push({ text, bytes })
    },
    take() {
      const piece = pieces[taken]
      if (!piece) return undefined
      pieces[taken++] = undefined
      if (taken === pieces.length) this.clear()
      return piece
    },
    dropBytes() {
      for (const piece of pieces) if (piece) piece.bytes = EMPTY
    },
    clear() {
      pieces = []
      taken = 0
    },
  }
}
