import type { NativeTransportOptions } from 'eventwire/native'
import type { MockConnection } from 'eventwire/testing'
import type { MockSSEHandler } from 'eventwire/testing/msw'
import type { Stage } from './stage/stage.ts'
import { SSEProvider } from 'eventwire'
import { createSSEClient } from 'eventwire/core'
import { createVirtualClock } from 'eventwire/testing'
import { mockSSE } from 'eventwire/testing/msw'
import { getResponse } from 'msw'
import { createContext, createElement, useContext } from 'react'
import { createPageEventSource } from './page-event-source.ts'
import { START } from './stage/stage.ts'
import { createTime } from './stage/time.ts'

/** A network within the page, with one server in it. */
export interface Network {
  readonly fetch: typeof fetch
  readonly EventSource: NonNullable<NativeTransportOptions['EventSource']>
}

const NetworkContext = createContext<Network | null>(null)

export function useNetwork(): Network {
  const network = useContext(NetworkContext)
  if (!network) throw new Error('There is no network around this component.')
  return network
}

/** The stage of transports: they ask one server, which sends all of them the same bytes. */
export interface NetworkStage extends Stage {
  readonly server: MockSSEHandler
  /** Sends an event with the next id to every client. `fields` are lines of the event stream format. */
  send(fields: string): void
  /** Breaks every connection, and refuses new ones for so many ms. */
  leave(ms: number): void
}

const REPLAYED = 50

export function createNetworkStage(): NetworkStage {
  const clock = createVirtualClock({ now: START })
  const client = createSSEClient({ clock })
  const sent: string[] = []
  let backAt = 0

  const server = mockSSE('/api/stream', {
    onConnection(connection) {
      if (clock.now() < backAt) return connection.respond(503)
      connection.open()
      for (const event of sent.slice(cursorOf(connection)).slice(-REPLAYED)) connection.sendBytes(event)
    },
  })
  // A seam: this fetch takes what transports give it, a URL and an init.
  const fetchPage = (async (url: string, init?: RequestInit) => {
    const response = await getResponse([server], new Request(new URL(url, location.href), init))
    return response ?? Response.error()
  }) as typeof fetch
  const network = { fetch: fetchPage, EventSource: createPageEventSource(fetchPage, clock) }

  const open = () => server.connections.filter(({ state }) => state === 'open')
  return {
    server,
    time: createTime({ clock, advance: clock.advance }),
    Provider: ({ children }) =>
      createElement(NetworkContext, { value: network }, createElement(SSEProvider, { client }, children)),
    send(fields) {
      sent.push(`id: ${sent.length + 1}\n${fields}\n\n`)
      for (const connection of open()) connection.sendBytes(sent.at(-1) ?? '')
    },
    leave(ms) {
      backAt = clock.now() + ms
      for (const connection of open()) connection.drop()
    },
  }
}

/** The header is newer than the query, which a browser repeats. */
function cursorOf({ request: { url, lastEventId } }: MockConnection): number {
  return Number(lastEventId || new URL(url).searchParams.get('lastEventId'))
}
