import type { ResolvedRequest, TransportRequest } from '../protocol/transport.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { headerOfText } from '../protocol/header-text.js'
import { checkRequest, headerValue } from './check-request.js'
import { checkStreamBody, isStreamBody } from './stream-body.js'

/**
 * The longest last event ID that goes into a header, in bytes. nginx and Apache take header lines of 8 KiB, name
 * included, and answer a longer one with 400 or 431, as they would for ever.
 */
const MAX_CURSOR = 8_000

/**
 * The request as it is now, functions asked. For transports.
 *
 * @throws {@link SSEError} `callback` when a user's function threw; another attempt may fare better
 */
export async function askRequest(request: TransportRequest): Promise<ResolvedRequest> {
  try {
    return await request.resolve()
  } catch (cause) {
    // It says itself what it is, and whether to try again.
    if (cause instanceof SSEError) throw cause
    throw new SSEError('callback', `Asking for the request threw: ${messageOf(cause)}`, { cause, retryable: true })
  }
}

/**
 * What fetch takes to ask for an event stream as EventSource does, beside what the user adds. For transports.
 *
 * A last event ID that no header can carry, with control characters in it or longer than 8,000 bytes, is left out:
 * {@link leavesCursorOut} tells.
 *
 * @param ownFetch - whether the fetch is the user's, who knows what it can send; default: the platform's
 * @throws {@link SSEError} `unsupported` for what no request can be
 */
export function fetchInit(
  resolved: ResolvedRequest,
  signal: AbortSignal,
  ownFetch = false,
): RequestInit & { headers: Headers } {
  checkRequest(resolved)
  if (!ownFetch) checkStreamBody(resolved.body)
  const { method, body, credentials, redirect } = resolved
  const headers = new Headers()
  for (const [name, value] of Object.entries(resolved.headers)) headers.set(name, headerValue(value))
  if (!headers.has('Accept')) headers.set('Accept', 'text/event-stream')
  const cursor = cursorOf(resolved)
  if (cursor) headers.set('Last-Event-ID', cursor)
  return {
    method,
    headers,
    cache: 'no-store',
    signal,
    ...(body !== undefined && { body }),
    ...(isStreamBody(body) && { duplex: 'half' }),
    ...(credentials && { credentials }),
    ...(redirect && { redirect }),
  }
}

/** Whether there is a cursor that neither the URL nor a header carries: the stream will not resume. For transports. */
export function leavesCursorOut(resolved: ResolvedRequest): boolean {
  const { lastEventId, cursorInURL, cursorParam } = resolved
  return lastEventId !== '' && !cursorInURL && !cursorParam && !cursorOf(resolved)
}

/**
 * "(`Last-Event-ID`, value), where value is the result of UTF-8 encoding the last event ID": a header takes bytes,
 * written as characters up to U+00FF. `''` for what it can't carry, or need not.
 */
function cursorOf({ lastEventId, cursorInURL }: ResolvedRequest): string {
  if (cursorInURL || lastEventId.length > MAX_CURSOR) return ''
  const cursor = headerOfText(lastEventId) ?? ''
  // HTTP takes off the white space around it: nothing may be left.
  return cursor.length <= MAX_CURSOR ? headerValue(cursor) : ''
}
