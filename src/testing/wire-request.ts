import type { Capability, RequestBody, ResolvedRequest } from 'eventwire/core'
import type { MockRequest } from './mock-interface.js'
import { fetchInit } from 'eventwire/core'
import { textOfHeader } from '../protocol/header-text.js'
import { jsonBody } from './json-body.js'

/** "If method is a byte-case-insensitive match": of others fetch leaves the case alone. */
const NORMALIZED = /^(DELETE|GET|OPTIONS|POST|PUT)$/i

/**
 * What would go over the wire for a request, as `fetchTransport` sends it.
 *
 * @param can - what the transport can do: without `cursor` there is no header for it
 * @throws SSEError `unsupported` for what production refuses too
 */
export function wireRequest(resolved: ResolvedRequest, can: ReadonlySet<Capability>): MockRequest {
  const { url, method, body, cursorParam } = resolved
  const lastEventId = can.has('cursor') ? resolved.lastEventId : ''
  const { headers } = fetchInit({ ...resolved, url: inFull(url), lastEventId }, new AbortController().signal)
  const type = contentTypeOf(body)
  if (type && !headers.has('content-type')) headers.set('content-type', type)
  return {
    method: NORMALIZED.test(method) ? method.toUpperCase() : method,
    url,
    headers: Object.fromEntries(headers),
    body,
    json: jsonBody(body),
    lastEventId: textOfHeader(headers.get('last-event-id')) || parameterOf(url, cursorParam),
  }
}

/** A test has no page where it runs in Node: what the app's page would resolve passes. */
function inFull(url: string): string {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } }
  if (/^https?:/.test(document?.baseURI ?? location?.href ?? '') || /^[\0-\x20]*[a-z][a-z\d+.-]*:/i.test(url)) return url
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').href : url
}

function parameterOf(url: string, name: string | undefined): string {
  const query = /\?([^#]*)/.exec(url)?.[1]
  return (name && query && new URLSearchParams(query).get(name)) || ''
}

/** What fetch adds by itself. */
function contentTypeOf(body: RequestBody | undefined): string | undefined {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8'
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded;charset=UTF-8'
  if (typeof FormData === 'function' && body instanceof FormData) return 'multipart/form-data'
  return body instanceof Blob ? body.type : undefined
}
