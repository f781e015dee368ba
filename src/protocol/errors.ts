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
  /** The first characters of the response body (at most 1,024), when it was not an event stream. */
  body?: string | undefined
  /** Whether another attempt may succeed. Default `false`. */
  retryable?: boolean | undefined
  /** The error below this one. */
  cause?: unknown
}

/** The one error that streams report. Its message says the fix. */
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
    Object.assign(this, { code, status, headers, body, retryable })
  }
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
