import type { DecodeFunction } from 'eventwire/core'
import type { DashboardEvents, Deploy, Metrics, Snapshot, Viewers } from '../events.ts'
import { defineSSE, fetchTransport, json } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { nativeTransport } from 'eventwire/native'
import { client } from './client.ts'
import { authorization, fetchWithToken, freshToken } from './token.ts'

export const TRANSPORTS = ['fetch', 'native', 'fetch-event-source'] as const

const asked = new URLSearchParams(location.search)
/** The transport of this page: `?transport=native`. */
export const transport = TRANSPORTS.find((name) => name === asked.get('transport')) ?? 'fetch'

/** A decoder for every type that the server sends; a type of its own that is missing here does not compile. */
const events = {
  snapshot: json<Snapshot>(),
  metrics: json<Metrics>(),
  viewers: json<Viewers>(),
  deploy: json<Deploy>(),
} satisfies { [Type in keyof DashboardEvents]: DecodeFunction<DashboardEvents[Type]> }

/** What carries the stream, and how the token goes along. */
const carried = {
  fetch: () => ({ ...byHeader, transport: fetchTransport({ fetch: fetchWithToken }) }),
  'fetch-event-source': () => ({ ...byHeader, transport: fetchEventSourceTransport({ fetch: fetchWithToken }) }),
  native: () => ({
    transport: nativeTransport(),
    // The browser's EventSource sends no headers, so the token goes in the query. There it ends up in logs: it must
    // not be good for long. The browser's own reconnects repeat the URL, old token and all; when one of them gets a 401
    // the browser gives up without a word of why, and eventwire asks here again. So each answer is a fresh one.
    url: async () => `/events?client=${client}&token=${await freshToken()}`,
    // To a new EventSource the cursor goes the same way.
    lastEventIdParam: 'lastEventId',
    // It is eventwire's turn only when the browser has given up, five times at most: enough to outlast an outage here.
    retry: { baseMs: 2500, maxMs: 4000, jitter: 0.25 },
  }),
}
const byHeader = {
  url: `/events?client=${client}`,
  headers: authorization,
  // An outage here lasts seconds: don't wait the usual half a minute between attempts.
  retry: { maxMs: 4000 },
}

/** The one stream of this page. Whoever uses it, as often as they like, shares one connection. */
export const dashboard = defineSSE({ events, ...carried[transport]() })
