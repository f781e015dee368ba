/** Without React: a client whose readers share one connection, and a loop with a stream of its own. */
import type { SSEClient } from 'eventwire/core'
import { defineSSE, json, openSSE } from 'eventwire/core'

export const jobs = defineSSE({ url: '/jobs', events: { progress: json<{ done: number }>(), finished: json<{ id: string }>() } })

/** Shows the progress in a page without a framework. Gives what stops it. */
export function showProgress(client: SSEClient, bar: { textContent: string | null }): () => void {
  return client.subscribe(jobs, {
    onMessage: (_, event) => {
      if (event.type === 'progress') bar.textContent = `${event.data.done} %`
    },
    onError: ({ message }) => {
      bar.textContent = message
    },
  })
}

/** Waits for a job in a script or on a server: the loop ends, and with it the connection. */
export async function waitForJob(url: string, signal: AbortSignal): Promise<string | null> {
  for await (const event of openSSE({ ...jobs, url, signal })) if (event.type === 'finished') return event.data.id
  return null
}
