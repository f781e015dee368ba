// What the page and every server here share: the event types, and what their data is.
import type { EventOf } from 'eventwire/server'
import { defineSSE, json } from 'eventwire/core'
import { encodeEvent } from 'eventwire/server'

export const ops = defineSSE({
  url: '/events',
  events: { tick: json<{ count: number }>(), alert: json<{ title: string }>() },
})

/** One event of the stream, as it is published. */
export type OpsEvent = EventOf<typeof ops.events> & { type: string }

/** What somebody posts, as an event; `null` for what is none. In your app a schema checks the data, too. */
export function eventOf(posted: unknown): OpsEvent | null {
  if (typeof posted !== 'object' || posted === null || !('type' in posted) || !('data' in posted)) return null
  // A seam: it is written below, which refuses types that are not declared.
  const event = { type: posted.type, data: posted.data } as OpsEvent
  try {
    encodeEvent(ops, event)
    return event
  } catch {
    return null
  }
}
