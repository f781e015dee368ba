import type { Clock } from '../protocol/clock.js'
import type { Page } from '../protocol/page.js'
import type { Transport } from '../protocol/transport.js'
import type { Fact } from '../stream/fact.js'
import type { Stream, StreamHost } from '../stream/stream.js'
import type { Standing, StatusMonitor } from './status-monitor.js'
import { createStatusMonitor } from './status-monitor.js'

/** Watches how streams stand, for as long as someone subscribes. */
export type Watch = Pick<StatusMonitor, 'read' | 'subscribe' | 'update'>

/** A client, as far as its streams are watched. */
interface WatchedClient {
  readonly inside: ClientInside
}

/** What of a client its streams stand in. */
export interface ClientInside extends Pick<StreamHost, 'tap'> {
  readonly clock: Clock
  readonly page: Page
  /** What carries an attempt in place of the transport that was asked for. */
  wrapped(transport: Transport): Transport
  /** All current streams. */
  all(): readonly Stream[]
  /** Another number once everything has been forgotten. */
  readonly epoch: () => number
  /** Calls `listener` after everything has been forgotten. Gives what stops it. */
  readonly onForget: (listener: () => void) => () => void
}

/**
 * How streams stand, in one word: what `useSSEStatus` stands on.
 *
 * @internal
 * @param one - how the one stands that it is about; `null` for all that someone reads
 */
export function watchStatus({ inside }: WatchedClient, graceMs: number, one: (() => Standing) | null): Watch {
  /** When each stream had its last error: the newest says why. */
  const erred = new Map<string, number>()
  const monitor = createStatusMonitor(inside, standings, graceMs)
  let watching = 0
  let stop = () => {}

  function standings(): readonly Standing[] {
    if (one) return [one()]
    return inside
      .all()
      .filter((stream) => stream.users > 0)
      .map((stream) => ({ standing: stream.standing(), at: erred.get(stream.id) ?? 0 }))
      .filter(({ standing }) => standing.status !== 'closed')
      .sort((a, b) => a.at - b.at)
      .map(({ standing }) => standing)
  }

  function start() {
    const unobserve = inside.tap.observe((fact) => {
      if (isNewError(fact)) erred.set(fact.stream, fact.at)
      if (fact.type === 'state' || fact.type === 'reader') monitor.update()
    })
    const leavePage = inside.page.subscribe(monitor.update)
    stop = () => {
      unobserve()
      leavePage()
      erred.clear()
    }
    monitor.update()
  }

  return {
    read: monitor.read,
    update: monitor.update,
    subscribe(changed) {
      const leave = monitor.subscribe(changed)
      if (watching++ === 0) start()
      return () => {
        leave()
        if (--watching === 0) stop()
      }
    },
  }
}

function isNewError(fact: Fact): boolean {
  return fact.type === 'state' && fact.error !== undefined && fact.to !== fact.from
}
