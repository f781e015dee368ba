import type { IdentityOptions } from './identity.js'
import type { SharedOption } from './option-rules.js'
import type { ReaderOptions } from './reader-options.js'
import type { StreamOptions } from './stream-options.js'

/** Defaults for every stream of a client, or below a provider. */
export interface DefaultOptions extends Pick<Partial<IdentityOptions> & StreamOptions & ReaderOptions, SharedOption> {
  /** What relative URLs are put under; its path is kept. Default: the page. */
  baseUrl?: string | undefined
}
