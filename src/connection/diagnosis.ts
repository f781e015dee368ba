import type { ResolvedRequest, Transport } from '../protocol/transport.js'
import type { ConnectionState } from './transition.js'
import { SSEError } from '../protocol/errors.js'
import { isOtherOrigin } from '../protocol/page.js'

/** Tells the causes of network errors that browsers refuse to name. */
export interface Diagnosis {
  /** An answer opened the stream, and the request of it carried a cursor or did not. */
  opened(sentCursor: boolean): void
  /** The error as it is, or what it most probably means. */
  explain(error: SSEError, state: ConnectionState, sent: ResolvedRequest | null, transport: Transport): SSEError
}

/** What opened without the cursor and never does with it was refused the header. */
export function createDiagnosis(): Diagnosis {
  /** It opened with its cursor once: CORS is not in the way. */
  let cameBack = false
  return {
    opened(sentCursor) {
      cameBack ||= sentCursor
    },
    explain(error, { status, opened, attempt }, sent, transport) {
      if (sent?.redirect === 'error' && error.code === 'network' && error.retryable && attempt > 1)
        return new SSEError('network', `${error.message}; or it redirects, which redirect: 'error' forbids`, {
          cause: error,
          retryable: true,
        })
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
