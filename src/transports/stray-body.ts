/** How much of a body is looked at, in bytes. */
const BEGINNING = 256

let told = false

/** The beginning of a body, kept for {@link warnOfStrayBody}. A copy, so that the chunk may go. */
export function beginningOf(chunk: Uint8Array): Uint8Array {
  return chunk.slice(0, BEGINNING)
}

/**
 * Says once, in development, that an answer which called itself an event stream has no line of one: a bare error as
 * JSON, say, or events without their `data:`.
 */
export function warnOfStrayBody(beginning: Uint8Array): void {
  try {
    if (process.env.NODE_ENV !== 'production' && !told) {
      const text = new TextDecoder().decode(beginning)
      if (/^\ufeff?(:|(data|event|id|retry)(:|$))/m.test(text)) return
      told = true
      console.warn(
        'eventwire: an answer with Content-Type text/event-stream ended and had no event in it, not even a line of ' +
          `one: each begins with data:, event:, id:, retry: or a colon. It begins: ${text.slice(0, 100)}`,
      )
    }
  } catch {
    // A browser without a bundler has no `process`.
  }
}
