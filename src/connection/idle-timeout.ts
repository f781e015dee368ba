import type { IdleTimeout } from '../options/stream-options.js'
import type { Clock } from '../protocol/clock.js'
import type { OpenInfo } from '../protocol/transport.js'
import { numberOr } from '../options/number.js'
import { settled } from '../protocol/promise.js'
import { createHeartbeat } from './heartbeat.js'

/** Later than this a timer was held back: by a throttled tab, or by a machine that slept. */
const LATE_MS = 1_000
/** What waits to be read then is read first. */
const GRACE_MS = 500

/** Judges by the wall clock whether an attempt waits in vain: for its answer, or for another byte. */
export interface Idle {
  /** An attempt begins, or the transport begins another: it may take so long; `null` for ever. */
  begin(answerMs: number | null): void
  /** It is open. */
  open(info: OpenInfo): void
  /** A byte came, or what stands for one. */
  bytes(): void
  comment(): void
  event(type: string, data: string): void
  /** Something may have held back the timer: judges now. */
  check(): void
  /** The attempt is over. */
  stop(): void
}

/**
 * @param timeout - what the readers say now
 * @param expired - it waited in vain: told whether it was open, and for how many ms
 */
export function createIdle(
  clock: Clock,
  timeout: () => IdleTimeout,
  guard: <T>(run: () => T) => T | undefined,
  expired: (open: boolean, ms: number) => void,
): Idle {
  const heartbeat = createHeartbeat()
  let since = 0
  let answerMs: number | null = null
  /** What the answer announced; `undefined` while it is not open. */
  let announced: number | null | undefined
  let timer: unknown = null
  let confirming = false

  function limit(): number | null {
    if (announced === undefined) return answerMs
    const wanted = timeout()
    if (typeof wanted === 'function') return announced
    if (wanted === 'auto' || wanted === undefined) return heartbeat.silenceMs
    return wanted === false ? null : numberOr(0, wanted, 1) || null
  }

  function arm() {
    if (timer !== null) return
    const ms = limit()
    if (ms === null) return
    // A clock that was set back makes nobody wait for longer.
    timer = clock.setTimeout(judge, Math.min(Math.max(since + ms - clock.now(), 0), ms))
  }

  function judge() {
    clock.clearTimeout(timer)
    timer = null
    const ms = limit()
    const now = clock.now()
    if (since > now) since = now
    const over = ms === null ? -1 : now - since - ms
    if (over < 0) {
      confirming = false
      return arm()
    }
    if (!confirming) {
      // What has come, and was not read yet, shows in the next task.
      confirming = true
      timer = clock.setTimeout(judge, over > LATE_MS ? GRACE_MS : 0)
      return undefined
    }
    const open = announced !== undefined
    stop()
    if (open && ms === heartbeat.silenceMs) heartbeat.missed()
    return expired(open, ms ?? 0)
  }

  function stop() {
    clock.clearTimeout(timer)
    timer = null
    confirming = false
    announced = undefined
    answerMs = null
  }

  return {
    begin(ms) {
      stop()
      since = clock.now()
      answerMs = ms
      arm()
    },
    open(info) {
      stop()
      since = clock.now()
      const wanted = timeout()
      const said = typeof wanted === 'function' ? guard(() => settled('idleTimeout', wanted(info))) : null
      announced = said === false || said == null ? null : numberOr(0, said, 1) || null
      arm()
    },
    bytes() {
      since = clock.now()
      confirming = false
      if (timer === null) arm()
    },
    comment() {
      heartbeat.heard('', '', since)
      arm()
    },
    event(type, data) {
      heartbeat.heard(type, data, since)
      if (timer === null) arm()
    },
    check() {
      if (announced !== undefined || answerMs !== null) judge()
    },
    stop,
  }
}
