import type { RawEvent } from '../../src/protocol/event.js'
import { SSEError } from '../../src/protocol/errors.js'
import type { ParserOptions } from '../../src/protocol/parser-interface.js'
import { createParser } from '../../src/protocol/parser.js'
import type { Reading } from './reference.js'

/** A {@link Reading} that also keeps the order among events, retries and comments. */
export interface Recording extends Reading {
  readonly log: (RawEvent | number | string)[]
}

/** Feeds the chunks to a new parser, ends it, and tells what it said. */
export function parse(chunks: Iterable<Uint8Array>, options: Partial<ParserOptions> = {}): Recording {
  const recording: Recording = { events: [], retries: [], comments: [], lastEventId: '', tooLarge: false, log: [] }
  const parser = createParser({
    onEvent: (event) => void (recording.events.push(event), recording.log.push(event)),
    onRetry: (ms) => void (recording.retries.push(ms), recording.log.push(ms)),
    onComment: (comment) => void (recording.comments.push(comment), recording.log.push(comment)),
    ...options,
  })
  try {
    for (const chunk of chunks) parser.feed(chunk)
  } catch (error) {
    if (!(error instanceof SSEError) || error.code !== 'too-large') throw error
    recording.tooLarge = true
  }
  parser.end()
  recording.lastEventId = parser.lastEventId
  return recording
}

/** The bytes in chunks of one size. */
export function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The bytes cut at these places, ascending. */
export function* cutAt(bytes: Uint8Array, places: readonly number[]): Generator<Uint8Array> {
  let from = 0
  for (const place of places) {
    yield bytes.subarray(from, place)
    from = place
  }
  yield bytes.subarray(from)
}

/** The same chunks with an empty one before, between and after. */
export function* withEmpty(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield new Uint8Array()
  for (const chunk of chunks) {
    yield chunk
    yield new Uint8Array()
  }
}
