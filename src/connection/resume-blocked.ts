import type { ResolvedRequest, Transport } from '../protocol/transport.js'
import type { ConnectionState } from './transition.js'
import { SSEError } from '../protocol/errors.js'
import { isOtherOrigin } from '../protocol/page.js'

/** Tells the one cause of a network error that CORS refuses to name. */
export interface ResumeBlocked {
  /** An answer opened the stream, and the request of it carried a cursor or did not. */
  opened(sentCursor: boolean): void
  /** The error as it is, or what it most probably means. */
  explain(error: SSEError, state: ConnectionState, sent: ResolvedRequest | null, transport: Transport): SSEError
}

/** What opened without the cursor and never does with it was refused the header. */
export function createResumeBlocked(): ResumeBlocked {
  /** It opened with its cursor once: CORS is not in the way. */
  let cameBack = false
  return {
    opened(sentCursor) {
      cameBack ||= sentCursor
    },
    explain(error, { status, opened, attempt }, sent, transport) {
      const suspect = error.code === 'network' && error.retryable && opened && !cameBack && attempt > 1
      if (!suspect || status === 'open' || !sent?.lastEventId || sent.cursorInURL) return error
      if (!isOtherOrigin(sent.url) || !transport.can.has('cursor')) return error
      return new SSEError(
        'resume-blocked',
        'The stream opens, but not with its cursor: answer Access-Control-Allow-Headers: Last-Event-ID, or set lastEventIdParam',
        { cause: error, retryable: true },
      )
    },
  }
}
