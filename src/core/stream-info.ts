import type { Status } from './transition.js'

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
}

/** A URL fit for logs: where it leads, not with what. */
export function withoutSecrets(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z\d+.-]*:)?\/\/[^/]*@/i, '$1//')
}
