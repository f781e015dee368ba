/** A header's value as text: over HTTP it is bytes, a character each, and `Last-Event-ID` is UTF-8. */
export function textOfHeader(value: string | null | undefined): string {
  if (!value) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (byte) => byte.charCodeAt(0)))
  } catch {
    // Some client sent something else: as it came, then.
    return value
  }
}
