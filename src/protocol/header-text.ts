/** A header's value as text: over HTTP it is bytes, a character each, and `Last-Event-ID` is UTF-8. */
export function textOfHeader(value: string | null | undefined): string {
  if (!value) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, byteOf))
  } catch {
    // Some client sent something else, or a platform has decoded it already: as it came, then.
    return value
  }
}

function byteOf(character: string): number {
  const code = character.charCodeAt(0)
  if (code > 0xff) throw new RangeError('No byte')
  return code
}

/** What a header's value may have: bytes, written as characters, without controls but for tabs. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether a header can have this value. */
export function isHeaderValue(value: string): boolean {
  return VALUE.test(value)
}

/** Text as a header carries it: its UTF-8 bytes, a character each. `null` where none can: a control character is in it. */
export function headerOfText(text: string): string | null {
  // Most are ASCII, and old platforms have no TextEncoder.
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
  return isHeaderValue(bytes) ? bytes : null
}
