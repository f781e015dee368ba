import type { EventMap } from '../options/reader-options.js'
import { nearest } from '../protocol/spelling.js'
import { warnOnce } from '../protocol/development.js'

/** Who listens, and for which types. */
interface Listener {
  readonly hear: unknown
  readonly listen: readonly string[] | null
  readonly settings: { readonly events?: EventMap | undefined }
}

/** Says, in development, that a listener will never be called. */
export function warnOfDeafness({ hear, listen, settings: { events } }: Listener): void {
  if (!hear || !listen) return
  if (listen.length === 0) warnOnce('eventwire: useSSEEvent has no listener: pass { alert: (alert) => … }, or an event type and a listener')
  if (!events) return
  for (const type of listen) {
    if (Object.hasOwn(events, type)) continue
    const near = nearest(type, Object.keys(events))
    warnOnce(
      `eventwire: useSSEEvent listens for '${type}', which the events of its source do not name: it is never called. ` +
        (near ? `Did you mean '${near}'?` : `They name ${Object.keys(events).map((name) => `'${name}'`).join(', ')}: add it there`),
    )
  }
}
