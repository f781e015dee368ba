import type { Transport } from '../protocol/transport.js'

/** Header values by name; `null` and `undefined` leave a header out. */
export type HeaderValues = HeadersInit | Readonly<Record<string, string | null | undefined>>

/** A value, or a function that is asked for it anew for every attempt. */
export type Asked<T> = T | (() => T | Promise<T>)

/** What an event stream may be requested with beside a `BodyInit`: plain objects and arrays become JSON. */
export type Body = BodyInit | Readonly<Record<string, unknown>> | readonly unknown[]

/**
 * What makes two streams the same stream. Compared by structure; a change in one of these, and in nothing else,
 * is another connection. A function can't be compared, so it makes the stream private to its hook or definition;
 * `key` stands in for it.
 */
export interface IdentityOptions {
  url: Asked<string | URL>
  /** Default `'GET'`, with a body `'POST'`. */
  method?: string | undefined
  /** FormData, Blob, buffers and streams compare by reference. */
  body?: Asked<Body | null> | undefined
  /** As fetch's. Default `'same-origin'`. */
  credentials?: RequestCredentials | undefined
  headers?: Asked<HeaderValues> | undefined
  /** Default: the client's, which is `fetchTransport()` unless set. */
  transport?: Transport | undefined
  /** Names the stream where functions can't be compared: same key, same stream. */
  key?: string | undefined
}

/** A value and the name of who gave it: a client, a provider, a definition or a hook. */
export interface Owned<T> {
  readonly value: T
  readonly owner: string
}

const references = new WeakMap<object, string>()
let serial = 0

/** A name that nothing else in this program has. */
export function uniqueName(prefix: string): string {
  return prefix + ++serial
}

/** A name for an object that compares by reference. Weakly held. */
export function referenceName(object: object): string {
  let name = references.get(object)
  if (!name) references.set(object, (name = uniqueName('#')))
  return name
}

/** Headers as pairs with lower-case names. */
export function headerPairs(headers: HeaderValues | null | undefined): [string, string][] {
  const pairs: Iterable<readonly (string | null | undefined)[]> =
    headers && Symbol.iterator in headers ? headers : Object.entries(headers ?? {})
  const kept: [string, string][] = []
  for (const [name, value] of pairs) if (name && value != null) kept.push([name.toLowerCase(), value])
  return kept
}

/** Whether a value is a plain object or an array: what becomes JSON, and what compares by structure. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Array.isArray(value)
}

/** The identity of a stream as a string. It holds header values: keep it in memory, show it to nobody. */
export function identityKey(
  identity: {
    readonly url: Owned<unknown>
    readonly method: string
    readonly body: Owned<unknown>
    readonly credentials: string | undefined
    readonly headers: readonly Owned<Asked<HeaderValues>>[]
    readonly transport: Owned<Transport>
    readonly key: string | undefined
  },
  baseUrl: string | undefined,
): string {
  const { url, method, body, credentials, headers, transport, key } = identity
  const opaque = (owner: string) => `ƒ${key ?? owner}`
  const comparable = ({ value, owner }: Owned<unknown>) =>
    typeof value === 'function' ? opaque(owner) : value instanceof URL || value instanceof URLSearchParams ? String(value) : value
  const fixed = new Map<string, string>()
  const asked: string[] = []
  for (const layer of headers) {
    if (typeof layer.value === 'function') asked.push(opaque(layer.owner))
    else for (const [name, value] of headerPairs(layer.value)) fixed.set(name, value)
  }
  return JSON.stringify(
    [
      key,
      baseUrl,
      comparable(url),
      method,
      comparable(body),
      credentials,
      [...fixed].sort(([a], [b]) => (a < b ? -1 : 1)),
      asked,
      transport.value.name,
      transport.value.options,
    ],
    (_, value: unknown) =>
      typeof value === 'function'
        ? opaque(transport.owner)
        : typeof value === 'object' && value !== null && !isPlain(value)
          ? referenceName(value)
          : value,
  )
}
