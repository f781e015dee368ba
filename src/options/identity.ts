import type { CredentialsMode, RequestBody, RequestHeaders, Transport } from '../protocol/transport.js'
import { SSEError } from '../protocol/errors.js'
import { uniqueName } from './unique-name.js'

/** Header values by name; `null` leaves a header out, also one that a provider set, `undefined` says nothing. */
export type HeaderValues = RequestHeaders | Readonly<Record<string, string | null | undefined>>

/** Why a function is asked: for a first attempt, for one that resumes, or once more after a 401. */
export type AskReason = 'connect' | 'reconnect' | 'unauthorized'

/** What a function that is asked for every attempt is told. */
export interface AskContext {
  readonly reason: AskReason
  /** Aborts when the attempt is over: nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** A value, or a function that is asked for it anew for every attempt. */
export type Asked<T> = T | ((context: AskContext) => T | Promise<T>)

/** What an event stream may be requested with beside a `BodyInit`: plain objects and arrays become JSON. */
export type Body = RequestBody | Readonly<Record<string, unknown>> | readonly unknown[]

/**
 * What makes two streams the same stream. Compared by structure; a change in one of these, and in nothing else,
 * is another connection. A function can't be compared, so it makes the stream private to its hook or definition;
 * `key` stands in for it.
 */
export interface IdentityOptions {
  /** Where the stream is: a string, a `URL`, or a function that is asked for every attempt. `null` for not now. Default, beside a source: the source's. */
  url: Asked<string | URL>
  /** Default `'GET'`, with a body `'POST'`. */
  method?: string | undefined
  /** Plain objects and arrays become JSON. FormData, Blob, buffers and streams compare by reference. Default: none. */
  body?: Asked<Body | null> | undefined
  /** As fetch's. Default `'same-origin'`. */
  credentials?: CredentialsMode | undefined
  /** `null` leaves out what a provider set; `undefined` says nothing. A function is asked for every attempt, and after a 401. Default: none. */
  headers?: Asked<HeaderValues> | undefined
  /**
   * As fetch's. `'error'`: a redirect is an error. On the way to another origin fetch drops `Authorization` itself;
   * outside browsers any other header goes along. Default `'follow'`.
   */
  redirect?: 'follow' | 'error' | undefined
  /** Default: the client's, which is `fetchTransport()` unless set. */
  transport?: Transport | undefined
  /** Names the stream where functions can't be compared: same key, same stream. Default: none, so functions make it private. */
  key?: string | undefined
}

const references = new WeakMap<object, string>()

/** Headers by lower-case name; `null` takes out what lies below, `undefined` says nothing. */
export function headersByName(headers: HeaderValues | null | undefined): Record<string, string | null> {
  if (headers != null && typeof headers !== 'object')
    throw new SSEError('unsupported', "headers must be an object, as { Authorization: '…' }")
  const pairs: Iterable<readonly (string | null | undefined)[]> =
    headers && Symbol.iterator in headers ? headers : Object.entries(headers ?? {})
  const byName: Record<string, string | null> = {}
  for (const [given, value] of pairs) {
    if (!given || value === undefined) continue
    const name = given.toLowerCase()
    const before = byName[name]
    // As Headers does with what comes twice.
    byName[name] = before != null && value !== null ? `${before}, ${value}` : value
  }
  return byName
}

/** Whether a value is a plain object or an array: what becomes JSON, and what compares by structure. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Array.isArray(value)
}

/**
 * Writes a value so that it can be compared.
 *
 * @param owner - stands in for functions
 * @param met - called with every part that compares by reference
 */
export function comparable(value: unknown, owner: string, met: (part: object) => void = () => {}): string | undefined {
  try {
    return write(value, owner, met)
  } catch (cause) {
    throw new SSEError('unsupported', 'What makes up a request can not be JSON: it refers to itself, or holds a BigInt', { cause })
  }
}

function write(value: unknown, owner: string, met: (part: object) => void): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'function') return `ƒ${owner}`
    if (part instanceof URLSearchParams) return String(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    if (isPlain(part)) return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    met(part)
    const name = references.get(part) ?? uniqueName('#')
    references.set(part, name)
    return name
  })
}
