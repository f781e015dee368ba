import type { SSESnapshot, SubscribeOptions } from 'eventwire/core'
import type { WireEvent } from 'eventwire/testing'

/** What the server, or the app, does next; or what is waited for. */
export type Step =
  | 'next'
  | 'open'
  | 'end'
  | 'drop'
  | { readonly send: WireEvent }
  | { readonly bytes: string | Uint8Array }
  | { readonly comment: string }
  | { readonly respond: readonly [status: number, headers?: Record<string, string>, body?: string] }
  /** Waits until the snapshot is so. */
  | { readonly see: Readonly<Partial<Record<keyof SSESnapshot, unknown>>> }
  /** Waits until so many events have come. */
  | { readonly events: number }
  | { readonly app: 'close' | 'open' | 'reconnect' | 'restart' | 'clear' | 'unsubscribe' | 'closeAll' | 'reconnectAll' }
  /** A second reader comes. */
  | 'join'

/** One thing that may happen between an app and its server. */
export interface Scenario {
  readonly name: string
  /** Of the reader. */
  readonly options?: SubscribeOptions & Readonly<Record<string, unknown>>
  /** The first attempt is under way when they begin. */
  readonly steps: readonly Step[]
  /** Where it differs on purpose, by the name of the server, and why. */
  readonly differs?: Readonly<Record<string, string>>
}
