import type { Status } from '../connection/transition.js'
import type { Clock } from '../protocol/clock.js'
import type { SSEError } from '../protocol/errors.js'
import type { Page } from '../protocol/page.js'

/** How one stream stands, as far as a page's one word for all is concerned. */
export interface Standing {
  readonly status: Status
  readonly error: SSEError | null
  readonly retryAt: number | null
}

/** One honest word for all streams that someone reads, or for one. */
export interface StreamStatus {
  /** The worst; those that were closed as meant do not count. `idle` when there is none. */
  readonly status: Status
  /** Why it is no better: no network, credentials that are refused, or the server; `null` while nothing is wrong. */
  readonly reason: 'offline' | 'auth' | 'server' | null
  /** When the next of them tries again, in epoch ms. */
  readonly retryAt: number | null
  /** How many streams that is about. */
  readonly streams: number
}

/** The worst first. */
const RANK: readonly Status[] = ['failed', 'paused', 'reconnecting', 'connecting', 'open', 'closed', 'idle']
const TROUBLE: readonly Status[] = ['failed', 'paused', 'reconnecting']

/** What is said where there is no stream. */
export const NO_STREAMS: StreamStatus = Object.freeze({ status: 'idle', reason: null, retryAt: null, streams: 0 })

/** The word for streams as they stand right now; those with the newest error last. */
export function statusOf(counted: readonly Standing[], online: boolean): StreamStatus {
  const status = RANK.find((rank) => counted.some((one) => one.status === rank)) ?? 'idle'
  const trouble = counted.filter((one) => TROUBLE.includes(one.status) || one.error !== null)
  const times = trouble.flatMap(({ retryAt }) => retryAt ?? [])
  const retryAt = times.length > 0 ? Math.min(...times) : null
  return Object.freeze({ status, reason: reasonOf(counted, trouble, online), retryAt, streams: counted.length })
}

function reasonOf(counted: readonly Standing[], trouble: readonly Standing[], online: boolean): StreamStatus['reason'] {
  if (trouble.length === 0) return null
  if (!online && !counted.some(({ status }) => status === 'open')) return 'offline'
  const errors = trouble.flatMap(({ error }) => error ?? [])
  const newest = errors.at(-1)
  if (!newest) return null
  return newest.code === 'unauthorized' || newest.status === 403 ? 'auth' : 'server'
}

/** Shows trouble after a grace, and good news at once: what heals by itself meanwhile alarms nobody. */
export interface StatusMonitor {
  readonly read: () => StreamStatus
  /** Looks again. */
  readonly update: () => void
  /** Calls `changed` when another word is shown, until the function returned is called. */
  subscribe(changed: () => void): () => void
}

/**
 * @param standings - the streams that it is about, those with the newest error last
 */
export function createStatusMonitor(
  { clock, page }: { readonly clock: Clock; readonly page: Page },
  standings: () => readonly Standing[],
  graceMs: number,
): StatusMonitor {
  const listeners = new Set<() => void>()
  let shown = NO_STREAMS
  let timer: unknown = null
  let graceOver = false

  function show(next: StreamStatus) {
    const same = (['status', 'reason', 'retryAt', 'streams'] as const).every((name) => shown[name] === next[name])
    if (same) return
    shown = next
    for (const listener of [...listeners]) listener()
  }

  function calm() {
    clock.clearTimeout(timer)
    timer = null
    graceOver = false
  }

  function update() {
    const next = statusOf(standings(), page.online)
    const trouble = TROUBLE.includes(next.status) || (next.status === 'connecting' && shown.status !== 'idle')
    if (!trouble) {
      calm()
      return show(next)
    }
    if (graceOver || graceMs <= 0) return show(next)
    timer ??= clock.setTimeout(() => {
      timer = null
      graceOver = true
      update()
    }, graceMs)
    return undefined
  }

  return {
    read: () => shown,
    update,
    subscribe(changed) {
      const own = () => changed()
      listeners.add(own)
      return () => {
        listeners.delete(own)
        // No timer may be left where nobody looks.
        if (listeners.size === 0) calm()
      }
    },
  }
}
