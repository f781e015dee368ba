import type { ResolvedRequest } from '../protocol/transport.js'

/** Shorter texts are in every message, and so are no secrets. */
const SHORTEST = 6
/** A URL with more than its host: of the request, or of where redirects led. */
const ADDRESS = /\b[a-z]+:\/\/[^\s"'<>)/?#]*[/?#@][^\s"'<>),]+/gi

/** What of a request nobody else may read: fetches and what wraps them quote it when they fail. */
export function secretsOf({ url, headers, body, lastEventId }: ResolvedRequest): string[] {
  const [, path = '', query = '', hash = ''] = /^(?:[^/?#]*\/\/[^/?#]*)?([^?#]*)\??([^#]*)#?(.*)/s.exec(url) ?? []
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(' ')])
  return [url, path, query, hash, lastEventId, ...values, ...(typeof body === 'string' ? [body] : [])]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
}

/** A text without its secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text.replace(ADDRESS, '…'))
}

/** What was thrown, itself if there is no secret in it; else what may be told of it. */
export function discreet(thrown: unknown, secrets: readonly string[]): unknown {
  if (isClean(thrown, secrets, 4)) return thrown
  if (typeof thrown !== 'object' || thrown === null) return redact(String(thrown), secrets)
  const { name = 'Error', message = '', code, cause } = thrown as Readonly<Record<string, unknown>>
  const Kind = thrown instanceof TypeError ? TypeError : Error
  const told = new Kind(redact(String(message), secrets), cause == null ? {} : { cause: discreet(cause, secrets) })
  return Object.assign(told, { name: String(name) }, typeof code === 'string' && { code })
}

/** Requests, responses and sockets that hang on an error are never clean: what they hold does not show. */
function isClean(value: unknown, secrets: readonly string[], depth: number): boolean {
  if (typeof value === 'string') return redact(value, secrets) === value
  if (typeof value !== 'object' || value === null) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  const plain = value instanceof Error || Array.isArray(value) || prototype === Object.prototype || prototype === null
  if (!plain || depth === 0) return false
  if (value instanceof Error && !isClean(value.message, secrets, depth)) return false
  // A stack is the message again, and places in code.
  return Reflect.ownKeys(value).every((key) => key === 'stack' || isClean(Reflect.get(value, key), secrets, depth - 1))
}
