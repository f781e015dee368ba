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

/** Text as a header carries it: its UTF-8 bytes, a character each. `null` where a header can't: a control character. */
export function headerOfText(text: string): string | null {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(text)) return null
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
