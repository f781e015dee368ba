import { defineSSE, json } from 'eventwire/core'

/** Shared by the server's components and the browser's. */
export const ticks = defineSSE({ url: '/events', events: { tick: json<{ count: number }>() } })
