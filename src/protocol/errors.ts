/** What went wrong, as a word to branch on. README, "Errors", gives the fix for each. */
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
