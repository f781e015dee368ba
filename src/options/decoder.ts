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
  | { readonly issues: readonly SchemaIssue[] }

/** What a schema says against a value. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Turns an event's data string into a value; what it throws makes the event an `invalid-event` error. */
export type DecodeFunction<T = unknown> = (raw: string, type: string) => T

/**
 * How to read an event's data: `'json'`, `'text'`, a synchronous Standard Schema (for JSON) or a function. `String`, `Number`
 * and their like are none: they say what it should be, and check nothing.
 */
export type Decoder<T = unknown> = 'json' | 'text' | StandardSchema<T> | (DecodeFunction<T> & NoClass)

/** What the compiler says of `String`, `Boolean` and their like. */
interface NoClass {
  readonly prototype?: 'no class: write text(), json<T>() or a schema' | undefined
}

/** A decoder that says which text it reads, so that a server can write that. */
export interface NamedDecoder<T, F extends 'json' | 'text'> extends DecodeFunction<T> {
  readonly format: F
}

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

/** What JSON is decoded by. What it makes is never a promise, nor has it a method. */
export const parseJSON: NamedDecoder<unknown, 'json'> = /* @__PURE__ */ Object.assign(
  (raw: string): unknown => JSON.parse(raw),
  { format: 'json' } as const,
)
const keepText: NamedDecoder<string, 'text'> = /* @__PURE__ */ Object.assign((raw: string) => raw, {
  format: 'text',
} as const)

/** The decoders with a name, which every hook may share; any other is its owner's alone. */
const NAMED = { json: parseJSON, text: keepText }

/** The decoder that is meant: JSON where nobody says. */
export function decoderOf(decoder: Decoder = 'json'): StandardSchema | DecodeFunction {
  return typeof decoder === 'string' ? NAMED[decoder] : decoder
}

/**
 * Data as JSON, believed to be a `T`. Pass a schema instead to have it checked.
 *
 * @example
 * ```tsx
 * import { defineSSE, json } from 'eventwire/core'
 *
 * export const ops = defineSSE({ url: '/events', events: { alert: json<{ title: string }>() } })
 * ```
 */
export function json<T = unknown>(): NamedDecoder<T, 'json'> {
  // A seam: the caller vouches for the shape.
  return parseJSON as NamedDecoder<T, 'json'>
}

/**
 * Data as the string that came.
 *
 * @example
 * ```tsx
 * import { openSSE, text } from 'eventwire/core'
 *
 * for await (const { data } of openSSE('https://api.example.com/log', { decode: text() })) console.log(data.toUpperCase())
 * ```
 */
export function text(): NamedDecoder<string, 'text'> {
  return keepText
}

/** The name of a decoder that has one. */
export function sharedName(decoder: Decoder): string | null {
  const wanted = decoderOf(decoder)
  return wanted === parseJSON ? 'json' : wanted === keepText ? 'text' : null
}
