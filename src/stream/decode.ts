import type { SchemaIssue, Decoder } from '../options/decoder.js'
import type { RawEvent } from '../protocol/event.js'
import { decoderOf, parseJSON } from '../options/decoder.js'
import { SSEError } from '../protocol/errors.js'
import { settled } from '../protocol/promise.js'

/**
 * Decodes one event.
 * @throws SSEError `invalid-event` when the data is not what the decoder takes: its `body` is the data
 */
export function decode(decoder: Decoder | undefined, { data, type }: RawEvent): unknown {
  const wanted = decoderOf(decoder)
  try {
    // What most events are: nothing else about it has to be looked at.
    if (wanted === parseJSON) return JSON.parse(data)
    // Before the test for functions: arktype's schemas are callable.
    if (!('~standard' in wanted)) return settled('the decoder', wanted(data, type))
    const result = settled('the schema', wanted['~standard'].validate(JSON.parse(data)))
    // A seam: what is no promise is a result.
    if (!('issues' in result) || !result.issues) return (result as { value: unknown }).value
    throw new TypeError(result.issues.map(describe).join('; '))
  } catch (cause) {
    // What engines say of a syntax error quotes the text: data has no place in what is logged.
    const quotes = cause instanceof SyntaxError
    const ours = wanted === parseJSON || '~standard' in wanted
    const why = !quotes
      ? `invalid: ${wordsOf(cause)}`
      : ours
        ? "not JSON: pass decode: 'text' if it is text"
        : 'invalid: its decoder threw a SyntaxError'
    throw new SSEError('invalid-event', `The data of event '${type}' is ${why}. The error's body has it`, {
      body: data,
      ...(!quotes && { cause }),
    })
  }
}

function describe({ message, path = [] }: SchemaIssue): string {
  return [...path.map((part) => String(typeof part === 'object' ? part.key : part)), message].join(': ')
}

/** What a decoder threw, in words: it may be an object that has none. */
function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'it threw something without words'
  }
}
