import type { Clock } from '../protocol/clock.js'
import { systemClock } from '../protocol/clock.js'
import { SSEError } from '../protocol/errors.js'

/** How much of a refusal's body an error keeps, in characters, and how long to wait for it, in ms. */
const EXCERPT = 1_024
const EXCERPT_MS = 1_000

/** The statuses that another attempt may cure. */
export function isRetryable(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** Whether a content type is `text/event-stream`, parameters allowed. */
export function isEventStream(contentType: string | null): boolean {
  return /^\s*text\/event-stream\s*(;|$)/i.test(contentType ?? '')
}

/**
 * The error for a response that is not an event stream; `null` when it is one. For transports: a 204, which
 * ends the stream for good, is theirs to see first.
 *
 * @param body - the first characters of the response's body
 */
export function responseError(status: number, headers: Headers, body?: string): SSEError | null {
  const init = { status, headers, body }
  if (status === 401)
    return new SSEError('unauthorized', 'The server answered 401: pass headers as a function that gets a fresh token', init)
  if (status !== 200)
    return new SSEError('status', `The server answered ${status}; an event stream needs 200`, {
      ...init,
      retryable: isRetryable(status),
    })
  const type = headers.get('content-type')
  if (isEventStream(type)) return null
  const cause = !type
    ? "The response has no Content-Type: set 'Content-Type: text/event-stream' on the server, before the first write"
    : /^\s*text\/html/i.test(type)
      ? 'The response is an HTML page, not an event stream: the URL may be wrong, redirect to a login, or be answered by a single-page fallback'
      : `The response is '${type}', not 'text/event-stream': set the Content-Type on the server`
  return new SSEError('content-type', cause, init)
}

/**
 * The error for a response that no events can be read from, with the beginning of its body, which is cancelled;
 * `null` when it is an event stream. For transports: a 204 is theirs to see first.
 */
export async function refusalOf(response: Response, clock: Clock = systemClock): Promise<SSEError | null> {
  const { status, headers } = response
  if (responseError(status, headers)) return responseError(status, headers, await excerpt(response, clock))
  // React Native's own fetch, for one.
  if (response.body !== undefined) return null
  return new SSEError('network', 'This fetch does not stream bodies: pass the transport one that does, as { fetch }')
}

/** The first characters of a refused response's body. Gives up on a body that does not come. */
async function excerpt(response: Response, clock: Clock): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let timer: unknown
  const late = new Promise<{ done: true; value?: undefined }>((resolve) => {
    timer = clock.setTimeout(() => resolve({ done: true }), EXCERPT_MS)
  })
  let text = ''
  try {
    while (text.length < EXCERPT) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // What came is what there is: the refusal itself is the news.
  }
  clock.clearTimeout(timer)
  reader.cancel().catch(() => {})
  return text.slice(0, EXCERPT)
}
