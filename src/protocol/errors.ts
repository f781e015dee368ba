/**
 * What went wrong, as a word to branch on.
 *
 * - `network`: the server can't be reached, the connection broke, or CORS forbids it; retried, but for a refused certificate, a server without TLS and redirects without end, where the platform tells. Cure: look at the server, and at `Access-Control-Allow-Origin`
 * - `timeout`: no answer in `connectTimeout`, or no byte in `idleTimeout`; retried. Cure: look at the server, and at proxies between
 * - `unsupported`: the request can't be made, or the platform or a custom fetch fails by itself; not retried. Cure: the message says the fix
 * - `refused`: `isError` said so. Cure: by `error.body`
 * - `status`: an answer other than 200 and 204; 408, 425, 429 and 5xx are retried. Cure: by `error.status`
 * - `content-type`: not `text/event-stream`. Cure: set the header on the server; an HTML page means a wrong URL, a login or a single-page fallback
 * - `unauthorized`: 401, after fresh credentials too. Cure: give `headers` as a function that gets a fresh token; then `open()`
 * - `resume-blocked`: a stream of another origin opens, but never with its cursor. Cure: `Access-Control-Allow-Headers: Last-Event-ID`, or `lastEventIdParam`
 * - `invalid-event`: one event could not be decoded; the stream goes on. Cure: `decode: 'text'` for plain text; fix the schema or the server
 * - `too-large`: an event past `maxEventSize`; not retried, a replay would only fail again. Cure: raise it, or send less in one event
 * - `native-closed`: the browser's EventSource gave up and does not say why. Cure: `fetchTransport()` shows the status
 * - `interrupted`: an answer was cut short: it broke off, or ended in the middle of an event or before its `until` matched; or a live stream ended `attempts` times in a row before it was stable. Cure: look at the server, and at proxies between
 * - `callback`: a function for `url`, `headers` or `body` threw; retried. Cure: look at `error.cause`
 */
export type SSEErrorCode =
  | 'network'
  | 'status'
  | 'content-type'
  | 'timeout'
  | 'too-large'
  | 'invalid-event'
  | 'unauthorized'
  | 'resume-blocked'
  | 'native-closed'
  | 'interrupted'
  | 'unsupported'
  | 'refused'
  | 'callback'

/** What an {@link SSEError} carries beside its code and message. */
export interface SSEErrorInit {
  /** HTTP status of the response, when there was one. */
  status?: number | undefined
  /** Response headers, when the transport can see them. */
  headers?: Headers | undefined
  /** The body of a response that was no event stream, or an event's data; at most 16,384 characters of it are kept. */
  body?: string | undefined
  /** Whether another attempt may succeed. Default `false`. */
  retryable?: boolean | undefined
  /** The error below this one. */
  cause?: unknown
}

/** How much of a body an error keeps, in characters. */
export const MAX_BODY = 16_384

/**
 * The one error that streams report. Its message says the fix, and has nothing of request or answer in it: no URL, header,
 * body, data or cursor. `headers` and `body` are not enumerable, so that what logs an error does not log a `Set-Cookie`.
 *
 * @example
 * ```tsx
 * import { SSEError } from 'eventwire/core'
 *
 * export function explain(error: unknown): string {
 *   if (!(error instanceof SSEError)) return String(error)
 *   return error.code === 'unauthorized' ? 'Log in again' : `${error.message} (${error.status ?? 'no answer'})`
 * }
 * ```
 */
export class SSEError extends Error {
  override readonly name = 'SSEError'
  declare readonly code: SSEErrorCode
  declare readonly status: number | undefined
  declare readonly headers: Headers | undefined
  declare readonly body: string | undefined
  declare readonly retryable: boolean

  constructor(code: SSEErrorCode, message: string, init: SSEErrorInit = {}) {
    super(message, init)
    const { status, headers, body, retryable = false } = init
    Object.assign(this, { code, status, retryable })
    Object.defineProperties(this, { headers: { value: headers }, body: { value: body?.slice(0, MAX_BODY) } })
  }

  /** The body as JSON. `undefined` where there is none, where it is something else, or where it was cut off. */
  json(): unknown {
    try {
      return JSON.parse(this.body ?? '')
    } catch {
      return undefined
    }
  }
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
