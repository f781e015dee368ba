import type { EventMap } from 'eventwire/core'

/** What a server gives for an event's data, by how the client decodes it: the other end of `Decoded`. */
export type Payload<D> =
  // Only with `any` for D.
  0 extends 1 & D
    ? D
    : D extends { readonly '~standard': { readonly types?: { readonly input: infer I } | undefined } }
      ? I
      : D extends 'text' | { readonly format: 'text' }
        ? string
        : D extends { readonly format: 'json' }
          ? ReturnTypeOf<D>
          : // A function of one's own reads a text that only its owner can write; anything else it gets as JSON.
            D extends (raw: string, type: string) => infer T
            ? T | string
            : unknown

type ReturnTypeOf<D> = D extends (raw: string, type: string) => infer T ? T : never

interface Fields {
  /** The `id` field: what a client that comes back sends as `Last-Event-ID`. Default: none. `''` resets it. */
  id?: string | undefined
  /** How long clients are to wait before they reconnect, in ms. */
  retry?: number | undefined
  /** What only a person who reads the wire sees. */
  comment?: string | undefined
}

/** An event of a definition, or a block without one: a comment, a reconnection time, an id alone. */
export type EventOf<M extends EventMap> =
  | { [K in keyof M & string]: Fields & { type: K; data: Payload<M[K]> } }[keyof M & string]
  | (Fields & { type?: undefined; data?: undefined })
