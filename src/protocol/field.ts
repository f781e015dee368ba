import { COLON, SPACE } from './ascii.js'

/** `event: ` and `retry: `: what the longest name adds to a line. */
export const PREFIX = 7
/** How many characters of text the lines of an unfinished event may keep alive, beyond four times their own. */
export const PINNED = 262_144

/** The names that mean something, by their first character; a comment's is empty. */
const names: Record<string, string> = { ':': '', d: 'data', e: 'event', i: 'id', r: 'retry' }

/** Where the value starts in the line of `text` that ends at `end`; -1 where the line means nothing. */
export function valueStart(text: string, line: number, end: number): number {
  const name = names[text.charAt(line)]
  // "The field is ignored": names are compared "literally, with no case folding performed".
  if (name === undefined || !text.startsWith(name, line)) return -1
  const colon = line + name.length
  // "Otherwise, the string is not empty but does not contain a U+003A COLON character (:)": the value is empty.
  if (colon === end) return end
  if (text.charCodeAt(colon) !== COLON) return -1
  // "If value starts with a U+0020 SPACE character, remove it from value."
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1
}

/** The fields that an event is made of. */
const OF_EVENT = ['data', 'event', 'id']

/** Whether a line that has begun so may be one of an event's fields. */
export function mayBeOfEvent(line: string): boolean {
  return line !== '' && OF_EVENT.some((name) => line.startsWith(name) || name.startsWith(line))
}
