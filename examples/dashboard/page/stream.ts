import { defineSSE, json } from 'eventwire/core'
import type { Metrics, Notice } from '../events.ts'

/** The name this page gives itself, so that its buttons break its own stream and nobody else's. */
export const client = Math.random().toString(36).slice(2, 10)

/** The one stream of this page. Whoever uses it, as often as they like, shares one connection. */
export const dashboard = defineSSE({
  url: `/events?client=${client}`,
  events: { metrics: json<Metrics>(), notice: json<Notice>() },
  // An outage here lasts seconds: don't wait the usual half a minute between attempts.
  retry: { maxMs: 4000 },
})
