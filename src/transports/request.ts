import type { ResolvedRequest, TransportRequest } from '../protocol/transport.js'
import { messageOf, SSEError } from '../protocol/errors.js'

/**
 * The request as it is now, functions asked. For transports.
 *
 * @throws {@link SSEError} `callback` when a user's function threw; another attempt may fare better
 */
export async function askRequest(request: TransportRequest): Promise<ResolvedRequest> {
  try {
    return await request.resolve()
  } catch (cause) {
    // What knows what it is says it better.
    if (cause instanceof SSEError) throw cause
    throw new SSEError('callback', `Asking for the request threw: ${messageOf(cause)}`, { cause, retryable: true })
  }
}

/**
 * What fetch takes to ask for an event stream as EventSource does, beside what the user adds. For transports.
 *
 * @throws {@link SSEError} `network` for what no request can be
 */
export function fetchInit(resolved: ResolvedRequest, signal: AbortSignal): RequestInit & { headers: Headers } {
  const { url, method, body, credentials, lastEventId, cursorInURL } = resolved
  try {
    const { username, password } = checkURL(url)
    if (username || password) throw new TypeError('a URL with credentials: pass an Authorization header')
    if (body !== undefined && /^(get|head)$/i.test(method)) throw new TypeError(`${method} takes no body`)
    const headers = new Headers()
    for (const [name, value] of Object.entries(resolved.headers)) setHeader(headers, name, value)
    headers.set('Accept', 'text/event-stream')
    // "(`Last-Event-ID`, value), where value is the result of UTF-8 encoding the last event ID": a header
    // takes bytes, written as characters up to U+00FF.
    if (lastEventId && !cursorInURL) headers.set('Last-Event-ID', bytesOf(lastEventId))
    return {
      method,
      headers,
      cache: 'no-store',
      signal,
      ...(body !== undefined && { body }),
      // React Native has no such class.
      ...(typeof ReadableStream === 'function' && body instanceof ReadableStream && { duplex: 'half' }),
      ...(credentials && { credentials }),
    }
  } catch (cause) {
    throw requestError(cause)
  }
}

/** The error for a request that can't be made, and never will. For transports. */
export function requestError(cause: unknown): SSEError {
  const message = `The request can't be made: ${messageOf(cause)}. A relative URL needs a page or baseUrl`
  return new SSEError('network', message, { cause })
}

/** The error for what a fetch or its body threw; an `SSEError` is itself. For transports. */
export function networkError(cause: unknown, opened: boolean): SSEError {
  if (cause instanceof SSEError) return cause
  const message = opened
    ? 'The connection broke'
    : 'The server could not be reached, or CORS forbids it'
  return new SSEError('network', message, { cause, retryable: true })
}

/** What runtimes throw quotes the value, which is a secret. */
function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    throw new TypeError(`the value of header '${name}' has characters that no header may have`)
  }
}

function bytesOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

/** @throws TypeError for a URL that no request can go to */
function checkURL(url: string): URL {
  // A `srcdoc` frame has no address of its own to go by, but a base.
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } }
  return new URL(url, document?.baseURI ?? location?.href)
}
