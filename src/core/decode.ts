import type { RawEvent } from '../protocol/event.js'
import { messageOf, SSEError } from '../protocol/errors.js'

/** The part of Standard Schema 1 (zod, valibot, arktype …) that decoding needs. Only synchronous schemas work. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Turns an event's data string into a value; what it throws makes the event an `invalid-event` error. */
export type DecodeFunction<T = unknown> = (raw: string, type: string) => T

/** How to read an event's data: `'json'`, `'text'`, a synchronous Standard Schema (for JSON) or a function. */
export type Decoder<T = unknown> = 'json' | 'text' | StandardSchema<T> | DecodeFunction<T>

/** What a {@link Decoder} makes. */
export type Decoded<D> =
  // Only with `any` for D: what that makes is `any` too.
  0 extends 1 & D
    ? D
    : D extends 'text'
      ? string
      : D extends { readonly '~standard': { readonly types?: { readonly output: infer T } | undefined } }
        ? T
        : D extends (raw: string, type: string) => infer T
          ? T
          : unknown

/** The data where no event types are declared: what the decoder makes, else what the caller believes it to be. */
export type DataOf<T, D extends Decoder> = Decoder extends D ? T : Decoded<D>

/** Options whose decoder says what the data is. */
export interface Decoding<D extends Decoder> {
  readonly decode?: D | undefined
}

const parseJSON: DecodeFunction = (raw) => JSON.parse(raw)
const keepText: DecodeFunction<string> = (raw) => raw

/** The decoders with a name, which every hook may share; any other is its owner's alone. */
const NAMED = { json: parseJSON, text: keepText }

function named(decoder: Decoder = 'json'): StandardSchema | DecodeFunction {
  return typeof decoder === 'string' ? NAMED[decoder] : decoder
}

/** Data as JSON, believed to be a `T`. Pass a schema instead to have it checked. */
export function json<T = unknown>(): DecodeFunction<T> {
  // A seam: the caller vouches for the shape.
  return parseJSON as DecodeFunction<T>
}

/** Data as the string that came. */
export function text(): DecodeFunction<string> {
  return keepText
}

/** The name of a decoder that has one. */
export function sharedName(decoder: Decoder | undefined): string | null {
  const wanted = named(decoder)
  return wanted === parseJSON ? 'json' : wanted === keepText ? 'text' : null
}

/**
 * Decodes one event.
 * @throws SSEError `invalid-event` when the data is not what the decoder takes
 */
export function decode(decoder: Decoder | undefined, { data, type }: RawEvent): unknown {
  const wanted = named(decoder)
  try {
    // Before the test for functions: arktype's schemas are callable.
    if (!('~standard' in wanted)) return wanted(data, type)
    const result = wanted['~standard'].validate(JSON.parse(data))
    if (result instanceof Promise) throw new TypeError('the schema is asynchronous: pass a synchronous one')
    if (!result.issues) return result.value
    throw new TypeError(result.issues.map(describe).join('; '))
  } catch (cause) {
    const why =
      cause instanceof SyntaxError ? "not JSON: pass decode: 'text' if it is text" : `invalid: ${messageOf(cause)}`
    throw new SSEError('invalid-event', `The data of event '${type}' is ${why}. It begins: ${data.slice(0, 80)}`, { cause })
  }
}

function describe({ message, path = [] }: Issue): string {
  return [...path.map((part) => String(typeof part === 'object' ? part.key : part)), message].join(': ')
}
