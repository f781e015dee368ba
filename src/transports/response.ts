import type { Clock } from '../protocol/clock.js'
import { systemClock } from '../protocol/clock.js'
import { MAX_BODY, SSEError } from '../protocol/errors.js'
import { isRetryableStatus } from '../protocol/retryable-status.js'

/** How long to wait for a refusal's body, in ms. */
const EXCERPT_MS = 1_000

/**
 * The error for a response that is not an event stream; `null` when it is one. For transports: a 204, which
 * ends the stream for good, is theirs to see first.
 *
 * @param body - the response's body, or its beginning; the error keeps 16,384 characters
 * @param method - the request's: a GET is answered with 200, others with any 2xx. Default `'GET'`
 */
export function responseError(status: number, headers: Headers, body?: string, method = 'GET'): SSEError | null {
  const retryable = isRetryableStatus(status)
  const init = { status, headers, body, retryable }
  const fine = status === 200 || (method !== 'GET' && status > 200 && status < 300 && status !== 204)
  if (!fine) {
    const [code, fix] =
      status === 401
        ? (['unauthorized', 'pass headers as a function that gets a fresh token'] as const)
        : (['status', 'an event stream needs 200'] as const)
    return new SSEError(code, `The server answered ${status}; ${fix}`, init)
  }
  const type = mimeType(headers.get('content-type') ?? '')
  if (type === 'text/event-stream') return null
  const cause = !type
    ? `The response has no ${headers.has('content-type') ? 'valid ' : ''}Content-Type: set one before the first write`
    : type === 'text/html'
      ? 'The response is an HTML page: from a wrong URL, a login or a single-page fallback'
      : `The response is '${type}'`
  return new SSEError('content-type', `${cause}. The server must send 'Content-Type: text/event-stream'`, init)
}

/**
 * Fetch's "extract a MIME type", its essence: the last one of a list, which a doubled header is too, that is a MIME
 * type and does not stand for any. Parameters, `charset` too, mean nothing here: an event stream is UTF-8.
 */
function mimeType(list: string): string {
  let essence = ''
  // Commas and semicolons within quotes part nothing.
  for (const value of list.match(/(?:[^",]|"(?:\\.|[^"\\])*"?)+/gs) ?? []) {
    const [, type] = /^[\t\n\r ]*([!#$%&'*+\-.^_`|~\w]+\/[!#$%&'*+\-.^_`|~\w]+)[\t\n\r ]*(?:;|$)/.exec(value) ?? []
    if (type && type !== '*/*') essence = type.toLowerCase()
  }
  return essence
}

/**
 * The error for a response that no events can be read from, with the beginning of its body, which is cancelled;
 * `null` when it is an event stream. For transports: a 204 is theirs to see first.
 *
 * @param method - the request's. Default `'GET'`
 */
export async function refusalOf(
  response: Response,
  clock: Clock = systemClock,
  method?: string,
): Promise<SSEError | null> {
  const { status, headers, body } = response
  if (responseError(status, headers, '', method)) {
    return responseError(status, headers, await excerpt(body, clock), method)
  }
  if (body === null || typeof body?.getReader === 'function') return null
  // React Native's own fetch has none, node-fetch Node's.
  const what = body ? "This fetch's bodies are Node streams" : 'This fetch does not stream bodies'
  return new SSEError('unsupported', `${what}: pass one with web streams, as Node's own or expo/fetch, as { fetch }`)
}

/** The beginning of a refused response's body, if it streams. Gives up on a body that does not come. */
async function excerpt(body: Response['body'] | undefined, clock: Clock): Promise<string | undefined> {
  if (body === null) return ''
  // Someone else reads it, or it is no web stream, or none that can be read here.
  if (typeof body?.getReader !== 'function' || body.locked || typeof TextDecoder === 'undefined') return undefined
  const reader = body.getReader()
  // What is being read then ends.
  const cancel = async () => reader.cancel()
  const letGo = () => void cancel().catch(() => {})
  const timer = clock.setTimeout(letGo, EXCERPT_MS)
  const decoder = new TextDecoder()
  let text = ''
  try {
    while (text.length < MAX_BODY) {
      const chunk = await reader.read()
      if (!chunk.value) break
      text += decoder.decode(chunk.value, { stream: true })
    }
  } catch {
    // What came is what there is: the refusal itself is the news.
  }
  clock.clearTimeout(timer)
  letGo()
  return text
}
