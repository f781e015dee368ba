import type { SSEError } from '../protocol/errors.js'
import type { OpenInfo } from '../protocol/transport.js'
import type { PersistOptions } from './persist-options.js'
import type { SeenEvent } from './reader-options.js'
import type { RetryPolicy } from './retry.js'

/**
 * When readers learn of new snapshots: once a frame, with every event, or when the function given here
 * calls what it is given.
 */
export type Notify = 'frame' | 'sync' | ((flush: () => void) => void)

/** See `reset` of {@link StreamOptions}. */
export interface ResetOptions {
  readonly statuses?: readonly number[] | undefined
  readonly event?: string | readonly string[] | undefined
}

/** See `renew` of {@link StreamOptions}. */
export interface RenewOptions {
  /** When an answer will end, in epoch ms: of a token's `exp`, or of what the server announces. Nothing: it is not known. Default: none, and nothing is renewed. */
  readonly at?: ((info: OpenInfo) => number | null | undefined) | undefined
  /** How long before that the successor is asked for, in ms; two are never closer. Default 5,000. */
  readonly beforeMs?: number | undefined
}

/** See `idleTimeout` of {@link StreamOptions}. */
export type IdleTimeout = 'auto' | number | false | ((info: OpenInfo) => number | false | null | undefined) | undefined

/**
 * Options that a stream has one value of, however many read it. Where readers disagree, the widest wins for
 * `linger` and `maxEventSize`, the fastest for `notify`, else that of the oldest reader who gives one: an option that is
 * not given does not count.
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
  /**
   * `true`: this server replays from the cursor, so that a resume leaves no gap. `false`: it numbers events for nobody,
   * and every resume is a gap. The header `Last-Event-ID` of an answer outranks it: equal to the cursor sent, no gap; any
   * other value, a gap. Over CORS it must be exposed. Default: unknown, so a gap is possible.
   */
  replays?: boolean | undefined
  /**
   * Whether an event refuses inside an answer that opened, asked before `until` and before decoding: `true` or a message
   * makes it an `SSEError` `refused`, which is not retried and fails the stream for all its readers; an `SSEError` decides
   * itself. It is no event then, and moves no cursor. Default: none does.
   */
  isError?: ((event: SeenEvent) => boolean | string | SSEError) | undefined
  /**
   * How long an attempt may take to be answered, in ms; `false`: for ever. Each time-out in a row doubles it, up to ten
   * minutes. Default: 60,000 for a live stream, else `false`.
   */
  connectTimeout?: number | false | undefined
  /**
   * How long an open stream may be silent, comments included, before it counts as dead and is asked for anew: ms, `false`
   * for ever, or a function of the answer, for servers that announce their heartbeat. `'auto'` learns it from the server's
   * heartbeats; a server without any is never judged. Default `'auto'`.
   */
  idleTimeout?: IdleTimeout
  /**
   * `true`: a page that nobody sees lets go of the stream, and resumes it from the cursor when it shows; a number: after
   * so many ms. Only what is live and a GET. Default `false`.
   */
  pauseWhenHidden?: boolean | number | undefined
  /**
   * How the server says that the cursor is too old: by a status, or by an event of one of these types (native sees events
   * only). The cursor and all that was folded from it are dropped, `onReset` is called, and the stream starts over once,
   * without a cursor; without one that was sent, a 410 is an ordinary refusal. Default where it is live: `{ statuses: [410] }`.
   */
  reset?: ResetOptions | undefined
  /**
   * How many recent ids to remember, so that what comes again is dropped. An id that comes with other data, or a count that
   * begins again, switches it off. Default 0: none.
   */
  dedupe?: number | undefined
  /**
   * What is kept over a reload, in one record: the cursor, and all that readers show of the events up to it (`history`,
   * `latest`, states of reducers that have a `persistAs`). Of a live stream. It is shown from the first effect on, never in
   * the first render; `closeAll()` removes it. Default: nothing.
   */
  persist?: PersistOptions | undefined
  /**
   * Make before break, for servers and tokens whose end is known: before it the stream is asked for once more, from the
   * cursor, and goes on there without a gap, a change of status or an event that comes twice. Default: none.
   */
  renew?: RenewOptions | undefined
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
