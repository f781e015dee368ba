import type { RetryPolicy } from './backoff.js'
import type { Notify } from './notifier.js'

/**
 * Options that a stream has one value of, however many read it. Where readers disagree, the widest wins for
 * `linger` and `maxEventSize`, the fastest for `notify`, else the oldest reader's.
 */
export interface StreamOptions {
  /** The cursor to start from, when there is none yet. Default `''`: none. */
  lastEventId?: string | undefined
  /** A query parameter that carries the cursor, for transports or CORS policies without the header. Default: none. */
  lastEventIdParam?: string | undefined
  /**
   * `true`: a clean end reconnects, as EventSource does. `false`: a clean end is `closed`, a break is `failed`,
   * and nothing is sent twice. Default: `true` for GET, else `false`.
   */
  live?: boolean | undefined
  /** How to wait between attempts. Default: 1 s doubling to 30 s with full jitter, without limit. */
  retry?: RetryPolicy | undefined
  /** How long a stream that nobody uses stays open, in ms. Default 0: it closes in a microtask. */
  linger?: number | undefined
  /** When snapshots are published. Default `'frame'`: at most one a frame. */
  notify?: Notify | undefined
  /**
   * The largest event, in UTF-16 code units of its data, type and id together. Past it the stream fails with
   * `too-large`. Default 4 MiB (4,194,304).
   */
  maxEventSize?: number | undefined
  /** Event types that a transport without `all-types` (native) listens for from the start. Default: the definition's. */
  types?: readonly string[] | undefined
}
