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
    // not be good for long. Every attempt asks here again, so each answer is a fresh one.
    url: async () => `/events?client=${client}&token=${await freshToken()}`,
    // The cursor goes the same way. With it every break is eventwire's to mend, on a fresh EventSource.
    lastEventIdParam: 'lastEventId',
    retry: { maxMs: 4000 },
  }),
}
const byHeader = {
  url: `/events?client=${client}`,
  headers: authorization,
  // An outage here lasts seconds: don't wait the usual half a minute between attempts.
  retry: { maxMs: 4000 },
}

/** The one stream of this page. Whoever uses it, as often as they like, shares one connection. */
// This server replays from the cursor: a stream that comes back has missed nothing.
export const dashboard = defineSSE({ events, replays: true, reset: { statuses: [410], event: 'reset' }, ...carried[transport]() })
