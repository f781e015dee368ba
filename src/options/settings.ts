import type { CredentialsMode, Transport } from '../protocol/transport.js'
import type { Asked, Body, HeaderValues } from './identity.js'
import type { ReaderOptions, Report } from './reader-options.js'
import type { SourceOptions } from './source.js'
import type { StreamOptions } from './stream-options.js'

/** Options from one place. Later layers lie over earlier ones. */
export interface Layer {
  readonly options: Partial<SourceOptions> & {
    readonly baseUrl?: string | undefined
    readonly onUncaught?: Report | undefined
  }
  /** Who gave them: what stands in for functions where identities are compared. */
  readonly owner: string
}

/** All options that apply to one reader of one stream, merged, with the keys they amount to. */
export interface Settings extends StreamOptions, ReaderOptions {
  readonly baseUrl: string | undefined
  readonly onUncaught: Report | undefined
  readonly url: Asked<string | URL>
  readonly method: string
  readonly redirect: 'follow' | 'error' | undefined
  /** Whether a function can be asked for other credentials after a 401. */
  readonly canAsk: boolean
  readonly body: Asked<Body | null> | undefined
  readonly credentials: CredentialsMode | undefined
  /** Every layer's, the outermost first. */
  readonly headers: readonly Asked<HeaderValues>[]
  readonly transport: Transport
  /** The name of a reducer's state in the stream's record. */
  readonly persistAs?: string | undefined
  /** The stream's identity. In memory only: it holds header values. */
  readonly streamKey: string
  /** What of the identity compares by reference: other objects are another identity. */
  readonly references: readonly object[]
  /** The decoder set's. Streams hold one view for each. */
  readonly viewKey: string
}

/** Layers as one: what each option is, and who gave it. */
export interface Merged {
  readonly options: MergedOptions
  readonly owners: Readonly<Record<string, string | undefined>>
  /** Headers that are no function, by name, those that a layer took out included. */
  readonly fixedHeaders: Readonly<Record<string, string | null>>
  /** Who gave functions for headers. */
  readonly askers: readonly string[]
}

/** What layers amount to, before it is known whose stream it is. */
export type MergedOptions = SourceOptions & Pick<Settings, 'baseUrl' | 'onUncaught' | 'transport' | 'body' | 'credentials' | 'persistAs'>
