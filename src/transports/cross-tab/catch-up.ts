import type { Clock } from '../../protocol/clock.js'
import type { SSEError } from '../../protocol/errors.js'
import type { Transport, TransportAttempt, TransportRequest, TransportSink } from '../../protocol/transport.js'
import type { Entry, Numbered } from './message.js'
import type { Position } from './position.js'
import { isSame } from './position.js'

/** So long a connection of its own may take to meet the owner's, in ms. */
const MEET_MS = 5_000
/** Of what the owner sends meanwhile so many events are kept, or UTF-16 code units of their data. */
const KEPT = 10_000
const KEPT_TEXT = 8 * 1024 * 1024

/** A tab whose place the owner does not know any more. */
export interface CatchUpOwner {
  readonly clock: Clock
  readonly inner: Transport
  sink(): TransportSink | null
  request(): TransportRequest
  /** Whether an attempt of its own can begin at a cursor. */
  canResume(): boolean
  position(): Position
  deliver(entry: Entry): void
  /** The tab's own connection has begun to close the gap. */
  open(): void
  /** It has met the owner's: what is left to apply. `isGap`: it has not, and what lies between is lost. */
  done(rest: readonly Numbered[], isGap: boolean): void
}

/** A short connection of a tab's own, from its own cursor, until it has met what the owner sends. */
export interface CatchUp {
  readonly isUnderWay: boolean
  start(lineage: string, ahead: readonly Numbered[]): void
  /** The owner sent more. */
  ahead(more: readonly Numbered[]): void
  stop(): void
}

export function createCatchUp(owner: CatchUpOwner): CatchUp {
  const { clock, inner } = owner
  let run: { readonly lineage: string; readonly ahead: Numbered[]; text: number; met: boolean } | null = null
  let attempt: TransportAttempt | null = null
  let timer: unknown

  function stop() {
    clock.clearTimeout(timer)
    run = null
    const old = attempt
    attempt = null
    old?.close()
  }

  /** Whether the last event that was read is one of the owner's. */
  function meet() {
    if (!run?.met) return
    const { lineage, ahead } = run
    const position = owner.position()
    const last = position.ring.at(-1)
    const index = last ? ahead.map(({ entry }) => isSame(entry, last)).lastIndexOf(true) : -1
    const found = ahead[index]
    if (!found) return
    stop()
    position.rename(lineage, found.seq)
    owner.done(ahead.slice(index + 1), false)
  }

  /** It will not meet the owner's: what lies between is lost, and that is told. */
  function giveUp() {
    if (!run) return
    const { lineage, ahead } = run
    stop()
    const position = owner.position()
    position.forget()
    position.rename(lineage, (ahead[0]?.seq ?? position.seq + 1) - 1)
    owner.done(ahead, true)
  }

  function sinkOf(mine: object): TransportSink {
    const isMine = () => run === mine
    const over = (error?: SSEError) => {
      if (!isMine()) return
      if (!error || error.retryable) return giveUp()
      // The cursor is too old, or the credentials are: what that means is decided above.
      stop()
      owner.sink()?.fail(error)
    }
    const read = (entry: Entry) => {
      if (!run || !isMine()) return
      owner.deliver(entry)
      if (!run) return
      run.met = true
      meet()
    }
    return {
      open: () => isMine() && owner.open(),
      event: ({ type, data, lastEventId }) => read([type, data, lastEventId]),
      cursor: (lastEventId) => read([null, '', lastEventId]),
      activity: (bytes) => isMine() && owner.sink()?.activity(bytes),
      retry() {},
      waiting: () => isMine() && giveUp(),
      end: () => over(),
      fail: over,
    }
  }

  return {
    get isUnderWay() {
      return run !== null
    },
    start(lineage, ahead) {
      const mine = { lineage, ahead: [...ahead], text: 0, met: false }
      run = mine
      if (owner.position().lastId === '' || !owner.canResume()) return giveUp()
      timer = clock.setTimeout(giveUp, MEET_MS)
      const opened = inner.open(owner.request(), sinkOf(mine))
      if (run === mine) attempt = opened
      else opened.close()
      return undefined
    },
    ahead(more) {
      if (!run) return
      for (const numbered of more) {
        run.ahead.push(numbered)
        run.text += numbered.entry[1].length
      }
      meet()
      if (run && (run.ahead.length > KEPT || run.text > KEPT_TEXT)) giveUp()
    },
    stop,
  }
}
