import type { ResolvedRequest, Transport, TransportAttempt, TransportRequest, TransportSink } from '../../protocol/transport.js'
import type { Seat } from './seat.js'
import { systemClock } from '../../protocol/clock.js'
import { askRequest, defectError } from 'eventwire/core'
import { askedBefore } from './request-variant.js'
import { createSeat } from './seat.js'
import { streamName } from './stream-name.js'

/** Settings of {@link crossTabTransport}. */
export interface CrossTabTransportOptions {
  /**
   * Who reads: a user's id, or a tenant's. What functions give (headers, a URL) can't be compared between tabs, so a stream
   * that has any is shared only among tabs of one scope; without a scope each tab has a connection of its own.
   */
  readonly scope?: string | undefined
}

/** By the streams of this program: several copies of a transport, made in render, are one. */
const seats = new Map<string, Seat>()

/**
 * One connection for all tabs of a browser: one of them owns it, the others hear it, and another takes over when it goes.
 * Shares what is a live GET; everything else goes through `inner` as it is.
 *
 * @param inner - what carries the one connection
 * @throws TypeError on misuse
 *
 * @example
 * ```tsx
 * import { SSEProvider } from 'eventwire'
 * import { fetchTransport } from 'eventwire/core'
 * import { crossTabTransport } from 'eventwire/cross-tab'
 * import type { ReactNode } from 'react'
 *
 * export const Streams = ({ user, children }: { user: string; children: ReactNode }) => (
 *   <SSEProvider transport={crossTabTransport(fetchTransport(), { scope: user })}>{children}</SSEProvider>
 * )
 * ```
 */
export function crossTabTransport(inner: Transport, options: CrossTabTransportOptions = {}): Transport {
  const { scope } = options
  check(inner, scope)
  // The one connection can't wait for the slowest of its readers.
  const can = new Set(inner.can)
  can.delete('pause')
  return {
    name: 'cross-tab',
    can,
    options: { inner: [inner.name, inner.options ?? {}], scope },
    open: (request, sink) => (isShareable(request.live) ? attempt(inner, scope, request, sink) : inner.open(request, sink)),
    forget(id) {
      inner.forget?.(id)
      if (id !== undefined) seats.get(id)?.forget()
    },
  }
}

/** @throws TypeError that says what to write */
function check(inner: unknown, scope: unknown): void {
  if (!(typeof inner === 'object' && inner && 'open' in inner))
    throw new TypeError('crossTabTransport needs a transport to carry the connection: crossTabTransport(fetchTransport())')
  if (scope !== undefined && (typeof scope !== 'string' || scope === ''))
    throw new TypeError("scope must be a text that tells users apart, such as a user's id; leave it out where there is no user")
}

/** Whether there may be tabs to share with: a server has none, and what is asked for once is its tab's own. */
function isShareable(live = true): boolean {
  if (!live || !('location' in globalThis)) return false
  return typeof BroadcastChannel === 'function' || alone('this platform has no BroadcastChannel')
}

const told = new Set<string>()

function alone(why: string): false {
  try {
    if (process.env.NODE_ENV !== 'production' && !told.has(why)) {
      told.add(why)
      console.warn(`eventwire: a stream over crossTabTransport() is not shared with other tabs, because ${why}`)
    }
  } catch {
    // A browser without a bundler has no `process`.
  }
  return false
}

function attempt(inner: Transport, scope: string | undefined, request: TransportRequest, sink: TransportSink): TransportAttempt {
  const { id, clock = systemClock } = request
  let seat = seats.get(id)
  // A stream that is renewed has a second attempt: that one is as another tab's.
  if (seat?.isTaken) seat = undefined
  seat?.take()
  let unshared: TransportAttempt | null = null
  let over = false

  async function run() {
    const resolved = await askRequest(request)
    if (over) return
    const name = nameOf(request, resolved, scope)
    if (seat?.name !== name) seat?.leave()
    if (name === null) {
      unshared = inner.open(askedBefore(request, resolved), sink)
      return
    }
    if (seat?.name !== name) {
      const mine = createSeat(name, inner, clock, () => {
        if (seats.get(id) === mine) seats.delete(id)
      })
      seat = mine
      seats.set(id, mine)
      mine.take()
    }
    seat.sit(request, sink, resolved)
  }

  run().catch((cause: unknown) => over || sink.fail(defectError(cause)))
  return {
    close() {
      over = true
      unshared?.close()
      seat?.rise()
    },
    listen(type) {
      unshared?.listen(type)
      seat?.listen(type)
    },
    after(next) {
      unshared?.after?.(next)
      seat?.after(next)
    },
  }
}

/** What the stream is called among tabs; `null` for what each asks for on its own. */
function nameOf(
  { identity }: TransportRequest,
  { url, method, body, cursorParam }: ResolvedRequest,
  scope: string | undefined,
): string | null {
  if (method !== 'GET' || body !== undefined) return null
  if (!identity.whole && !scope) {
    alone('what its functions give can not be compared: pass scope, a user id say')
    return null
  }
  // A `srcdoc` frame has its base from the page around it.
  const full = new URL(url, globalThis.document?.baseURI ?? globalThis.location.href)
  // The cursor is each tab's own.
  if (cursorParam) full.searchParams.delete(cursorParam)
  return streamName(JSON.stringify([identity.text, full.href]))
}
