import type { ResolvedRequest } from '../protocol/transport.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { isHeaderValue } from '../protocol/header-text.js'
import { mayStream } from '../protocol/url-scheme.js'

/** "A token": what methods and header names are made of. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/

/**
 * The error for a request that can't be made, and never will. For transports.
 *
 * @param cause - told in the message: nothing of the request may be in it
 */
export function requestError(cause: unknown): SSEError {
  return new SSEError('unsupported', `The request can't be made: ${messageOf(cause)}`, { cause })
}

/**
 * Refuses what no transport can ask for; the fix is in the message, and nothing of the request. For transports.
 *
 * @throws {@link SSEError} `unsupported`
 */
export function checkRequest({ url, method, headers, body, credentials, redirect }: ResolvedRequest): void {
  const wrong =
    ofURL(url) ??
    ofMethod(method, body) ??
    oneOf('credentials', credentials, ['omit', 'same-origin', 'include']) ??
    oneOf('redirect', redirect, ['follow', 'error']) ??
    ofHeaders(headers) ??
    ofBody(body)
  if (wrong) throw requestError(new TypeError(wrong))
}

/** A header's value as HTTP has it, without the white space around it. */
export function headerValue(value: unknown): string {
  return String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

// By text alone: React Native's URL throws when it is asked for its parts.
function ofURL(url: string): string | undefined {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } }
  const hasScheme = /^[\0-\x20]*[a-z][a-z\d+.-]*:/i.test(url)
  let href: string
  try {
    // A `srcdoc` frame has no address of its own to go by, but a base.
    ;({ href } = new URL(url, document?.baseURI ?? location?.href))
  } catch {
    // With a host in it nothing is relative but the scheme.
    return hasScheme || /^\s*[\\/]{2}/.test(url) ? 'its URL is malformed' : 'a relative URL needs a page or baseUrl'
  }
  const [, scheme = '', slashes] = /^([^:/]*):(\/\/)?/.exec(href) ?? []
  if (/^https?$/.test(scheme)) {
    if (/^[^/]*\/\/[^/?#]*@/.test(href)) return 'its URL has a user or password in it: pass an Authorization header'
    return undefined
  }
  if (!hasScheme) return 'a relative URL needs a page that came by http:, or baseUrl'
  if (mayStream(scheme, slashes !== undefined)) return undefined
  return 'its URL has a scheme that brings no event stream, nor is it a WebSocket: begin it with https:// or http://'
}

function ofMethod(method: unknown, body: unknown): string | undefined {
  if (typeof method !== 'string' || !TOKEN.test(method)) return "its method is none: pass 'GET' or 'POST'"
  if (/^(connect|head|trace|track)$/i.test(method)) return `no event stream comes to ${method}: use GET or POST`
  if (body !== undefined && /^get$/i.test(method)) return `${method} takes no body: use POST`
  return undefined
}

function oneOf(name: string, value: unknown, values: readonly string[]): string | undefined {
  if (value == null || values.some((one) => one === value)) return undefined
  return `${name} must be ${values.map((one) => `'${one}'`).join(' or ')}${value === true ? ', not true' : ''}`
}

function ofHeaders(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return "headers must be an object, as { Authorization: '…' }"
  for (const [name, value] of Object.entries(headers)) {
    // A name that is none may be a secret: a whole header, say.
    if (!TOKEN.test(name)) return 'the name of a header has characters that no name may have'
    const kind = value instanceof Promise ? 'a Promise: await it' : typeof value
    // What fetch would write as it is meant passes.
    if (!/^(string|number|bigint|boolean)$/.test(kind))
      return `the value of header '${name}' must be a string, not ${kind}`
    if (!isHeaderValue(headerValue(value)))
      return `the value of header '${name}' has characters that no header may have: encodeURIComponent() it`
  }
  return undefined
}

function ofBody(body: unknown): string | undefined {
  const kind = Object.prototype.toString.call(body).slice(8, -1)
  // Fetch would send their names.
  const isNone = /^(Object|Array|Map|Set|Date|Number|Boolean|BigInt|Promise|.*Function|Symbol)$/.test(kind)
  return isNone ? `its body must not be a ${kind}: pass JSON.stringify(…) of it` : undefined
}
