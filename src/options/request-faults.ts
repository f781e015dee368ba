import { isPlain } from './identity.js'
import { mayStream } from '../protocol/url-scheme.js'
import { isRecord } from './record.js'

/** What a URL that is known now can't be requested for, in words; `null` when nothing is wrong. Names no secret of it. */
export function urlFault(url: unknown): string | null {
  if (!url || (typeof url !== 'string' && !(url instanceof URL))) return null
  const [, name = '', slashes] = /^\s*([a-z][a-z\d+.-]*):(\/\/)?/i.exec(String(url)) ?? []
  const scheme = name.toLowerCase()
  if (!scheme || mayStream(scheme, slashes !== undefined)) return null
  return `url must be http: or https:, not ${scheme}:${scheme.startsWith('ws') ? ' (an event stream is plain HTTP)' : ''}`
}

/** What headers that are known now can't be, in words. */
export function headersFault(headers: unknown): string | null {
  if (typeof headers === 'function') return null
  if (typeof headers !== 'object' || headers === null)
    return `headers must be an object, a list of pairs, Headers or a function, not ${typeof headers}`
  if (headers instanceof Promise) return 'headers must not be a promise: pass the function that gives it'
  if (!(Symbol.iterator in headers) && !isRecord(headers)) return 'headers must be an object, a list of pairs, Headers or a function'
  // A seam: what is iterable gives pairs, or is found out not to.
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers)
  for (const pair of pairs) {
    if (!Array.isArray(pair)) return 'headers must be pairs of a name and a value'
    // A seam: what is in a list that a user gave nobody knows.
    const [name, value] = pair as unknown[]
    // It may be a secret: a whole header, say.
    if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      return 'headers has a name that is none, or that no header may have'
    // What fetch would write as it is meant passes.
    if (value != null && !/^(string|number|bigint|boolean)$/.test(typeof value))
      return `the value of header '${name}' must be a string, not ${Array.isArray(value) ? 'a list' : typeof value}`
  }
  return null
}

/** What a body that is known now can't be sent as, in words. */
export function bodyFault(body: unknown): string | null {
  if (body == null || typeof body === 'string' || typeof body === 'function') return null
  if (typeof body !== 'object') return `body must be text, plain JSON or what fetch takes, not a ${typeof body}: pass String(body), or an object`
  if (isPlain(body)) return jsonFault(body)
  return isSendable(body) ? null : `body can't be sent as it is: pass ${cureFor(body)}`
}

function jsonFault(body: object): string | null {
  try {
    JSON.stringify(body)
    return null
  } catch {
    return 'body can not be JSON: it refers to itself, or holds a BigInt'
  }
}

/** The classes of `BodyInit`, as far as the platform has them. */
const SENDABLE = ['FormData', 'Blob', 'URLSearchParams', 'ReadableStream', 'ArrayBuffer']

function isSendable(body: object): boolean {
  if (ArrayBuffer.isView(body) || Symbol.asyncIterator in body) return true
  return SENDABLE.some((name) => {
    const type: unknown = Reflect.get(globalThis, name)
    return (typeof type === 'function' && body instanceof type) || Object.prototype.toString.call(body) === `[object ${name}]`
  })
}

function cureFor(body: object): string {
  if (body instanceof Map) return 'Object.fromEntries(map)'
  if (body instanceof Set) return '[...set]'
  if (body instanceof Date) return 'date.toISOString()'
  if (body instanceof Promise) return 'the function that gives the promise'
  return 'a plain object: { ...instance }'
}
