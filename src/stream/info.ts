import type { Status } from '../connection/transition.js'
import type { Settings } from '../options/settings.js'
import type { Readers } from './readers.js'

/** One stream as `client.streams()` lists it: for monitoring, without secrets. */
export interface StreamInfo {
  readonly id: string
  /** Without user info, query and fragment. */
  readonly url: string
  readonly status: Status
  /** Hooks and subscriptions that use it. */
  readonly users: number
  readonly events: number
  /** Bytes received, as far as the transport tells. */
  readonly bytes: number
  readonly reconnects: number
  /** Its connection is shared with other tabs: whether this one owns it. Only over `crossTabTransport`, once it was open. */
  readonly owner?: boolean
}

/** What a stream tells of itself. */
export function infoOf(
  id: string,
  { list, oldest }: Readers,
  status: Status,
  counts: Pick<StreamInfo, 'events' | 'bytes' | 'reconnects' | 'owner'>,
): StreamInfo {
  const { url } = oldest
  return { id, url: typeof url === 'function' ? '' : withoutSecrets(String(url)), status, users: list.length, ...counts }
}

/** What a message calls the stream: its URL where that is known, without secrets. */
export function nameOf({ url }: Pick<Settings, 'url'>): string {
  return `the stream ${typeof url === 'function' ? 'of a url function' : withoutSecrets(String(url))}`
}

/** A URL fit for logs: where it leads, not with what. */
export function withoutSecrets(url: string): string {
  // As the standard reads URLs, leniently: `http:user:secret@host` has credentials too.
  const base = 'relative://base'
  try {
    const { protocol, host, pathname } = new URL(url, `${base}/`)
    const path = pathname.replace(/^\/+/, '/')
    return protocol === 'relative:' ? (url.startsWith('/') ? path : path.slice(1)) : `${protocol}//${host}${path}`
  } catch {
    return ''
  }
}
