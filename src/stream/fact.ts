import type { Status } from '../connection/transition.js'
import type { SSEError } from '../protocol/errors.js'
import type { RawEvent } from '../protocol/event.js'

/** One thing that happened to a stream, as `client.observe` tells it. `at` is epoch ms, `stream` its opaque id. */
export type Fact = { readonly at: number; readonly stream: string } & FactBody

/** What happened. */
export type FactBody =
  /** An attempt began. `attempt`: failed ones in a row before it. */
  | { readonly type: 'attempt'; readonly attempt: number; readonly cursor: string }
  /** An action was taken, whether or not the status is another one by it. */
  | {
      readonly type: 'state'
      readonly from: Status
      readonly to: Status
      readonly action: string
      readonly error?: SSEError
    }
  | { readonly type: 'open'; readonly status?: number; readonly resumed: boolean }
  /** `bytes`: of the event's data in UTF-8. */
  | { readonly type: 'event'; readonly event: RawEvent; readonly seq: number; readonly bytes: number }
  | { readonly type: 'comment' }
  | { readonly type: 'bytes'; readonly count: number }
  /** Snapshots were published, to so many readers. */
  | { readonly type: 'publish'; readonly readers: number }
  | { readonly type: 'gap' | 'reset' }
  /** Whether this tab owns the connection that it shares, from now on. */
  | { readonly type: 'owner'; readonly owner: boolean }
  | { readonly type: 'reader'; readonly change: 'joined' | 'left'; readonly readers: number }
