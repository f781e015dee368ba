import type { Settings } from './source.js'
import { warnOnce } from './development.js'

/** The options of which a stream takes its oldest reader's. */
const OLDEST = ['live', 'retry', 'lastEventId', 'lastEventIdParam'] as const

/** Says once, in development, that a reader asks for something that its stream will not do. */
export function warnOfDisagreement(oldest: Settings, newcomer: Settings): void {
  for (const name of OLDEST)
    if (JSON.stringify(oldest[name]) !== JSON.stringify(newcomer[name]))
      warnOnce(`eventwire: readers of one stream give different values for '${name}'; the oldest reader's counts. Set it in defineSSE, or in a provider.`)
}
