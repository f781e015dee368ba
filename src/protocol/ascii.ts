/** The characters that lines are told apart by. */
export const LF = 10
export const CR = 13
export const SPACE = 32
export const COLON = 58
export const A = 97
export const D = 100
export const E = 101
export const I = 105
export const N = 110
export const T = 116
export const V = 118

/** Where the next `character` is, or the length of the text. */
export function find(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from)
  return at < 0 ? text.length : at
}
