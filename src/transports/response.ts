import type { Clock } from '../protocol/clock.js'
import { systemClock } from '../protocol/clock.js'
import { SSEError } from '../protocol/errors.js'

/** How much of a refusal's body an error keeps, in characters, and how long to wait for it, in ms. */
const EXCERPT = 1_024
const EXCERPT_MS = 1_000

/** The statuses beside 5xx that another attempt may cure. */
const RETRYABLE = [408, 425, 429]

/**
 * The error for a response that is not an event stream; `null` when it is one. For transports: a 204, which
 * ends the stream for good, is theirs to see first.
 *
 * @param body - the response's body, or its beginning; the error keeps 1,024 characters
 */
export function responseError(status: number, headers: Headers, body?: string): SSEError | null {
  const retryable = status >= 500 || RETRYABLE.includes(status)
  const init = { status, headers, body: body?.slice(0, EXCERPT), retryable }
  if (status !== 200) {
    const [code, fix] =
      status === 401
        ? (['unauthorized', 'pass headers as a function that gets a fresh token'] as const)
        : (['status', 'an event stream needs 200'] as const)
    return new SSEError(code, `The server answered ${status}; ${fix}`, init)
  }
  const type = headers.get('content-type') ?? ''
  // Parameters are allowed.
  if (/^\s*text\/event-stream\s*(;|$)/i.test(type)) return null
  const cause = !type
    ? 'The response has no Content-Type: set one before the first write'
    : /^\s*text\/html/i.test(type)
      ? 'The response is an HTML page: from a wrong URL, a login or a single-page fallback'
      : `The response is '${type}'`
  return new SSEError('content-type', `${cause}. The server must send 'Content-Type: text/event-stream'`, init)
}

/**
 * The error for a response that no events can be read from, with the beginning of its body, which is cancelled;
 * `null` when it is an event stream. For transports: a 204 is theirs to see first.
 */
export async function refusalOf(response: Response, clock: Clock = systemClock): Promise<SSEError | null> {
  const { status, headers, body } = response
  if (responseError(status, headers)) return responseError(status, headers, await excerpt(body, clock))
  // React Native's own fetch, for one.
  if (body !== undefined) return null
  return new SSEError('network', 'This fetch does not stream bodies: pass one that does, as { fetch }')
}

/** The beginning of a refused response's body. Gives up on a body that does not come. */
async function excerpt(body: Response['body'] | undefined, clock: Clock): Promise<string> {
  const reader = body?.getReader()
  // What is being read then ends.
  const cancel = () => void reader?.cancel().catch(() => {})
  const timer = clock.setTimeout(cancel, EXCERPT_MS)
  const decoder = new TextDecoder()
  let text = ''
  try {
    while (text.length < EXCERPT) {
      const chunk = await reader?.read()
      if (!chunk?.value) break
      text += decoder.decode(chunk.value, { stream: true })
    }
  } catch {
    // What came is what there is: the refusal itself is the news.
  }
  clock.clearTimeout(timer)
  cancel()
  return text
}
