import type { ClientOptions, RenewOptions, SSEClient, SSESnapshot, Transport } from 'eventwire/core'
import { createSSEClient, fetchTransport } from 'eventwire/core'
import { crossTabTransport } from 'eventwire/cross-tab'
import type { Resumption } from '../../../src/options/reader-options.js'

/** One tab: a client of its own that shares with the others of this program, over its channels and locks. */
export interface Tab {
  readonly client: SSEClient
  /** The data of every event that it heard. */
  readonly heard: readonly unknown[]
  readonly statuses: readonly string[]
  readonly resumptions: readonly Resumption[]
  readonly errors: readonly string[]
  readonly isOwner: boolean | undefined
  snapshot(): SSESnapshot
  open(): void
  reconnect(): void
  restart(): void
  close(): void
  /** It is closed by the user: nobody reads any more. */
  leave(): void
}

export interface TabOptions extends ClientOptions {
  readonly url: string
  readonly scope?: string | undefined
  readonly inner?: Transport
  readonly lastEventId?: string
  readonly live?: boolean
  readonly lastEventIdParam?: string
  readonly renew?: RenewOptions
}

export function openTab({ url, scope, inner = fetchTransport(), lastEventId, live, lastEventIdParam, renew, ...options }: TabOptions): Tab {
  const client = createSSEClient({ ...options, transport: crossTabTransport(inner, { scope }) })
  const heard: unknown[] = []
  const statuses: string[] = []
  const resumptions: Resumption[] = []
  const errors: string[] = []
  client.observe((fact) => {
    if (fact.type === 'state' && fact.to !== statuses.at(-1)) statuses.push(fact.to)
  })
  const reader = client.subscribe(url, {
    retry: { baseMs: 50, maxMs: 50, jitter: false },
    ...(lastEventId !== undefined && { lastEventId }),
    ...(live !== undefined && { live }),
    ...(lastEventIdParam !== undefined && { lastEventIdParam }),
    ...(renew && { renew }),
    onMessage: (data) => heard.push(data),
    onResume: (resumption) => resumptions.push(resumption),
    onError: ({ code }) => errors.push(code),
  })
  return {
    client,
    heard,
    statuses,
    resumptions,
    errors,
    get isOwner() {
      return client.streams()[0]?.owner
    },
    snapshot: reader.getSnapshot,
    open: reader.open,
    reconnect: reader.reconnect,
    restart: reader.restart,
    close: reader.close,
    leave: reader,
  }
}
