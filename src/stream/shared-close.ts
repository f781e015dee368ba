import type { Reader } from './readers.js'
import type { Stream } from './stream.js'
import { warnOnce } from '../protocol/development.js'
import { nameOf } from './info.js'

/**
 * Says, in development, that `close()` ends what others show. Of readers that hear events alone nothing is said: most are
 * hooks of the component that closes.
 */
export function warnOfClosing({ views }: Stream, { settings }: Reader): void {
  const shown = [...views.values()].flatMap(({ readers }) => [...readers]).filter(({ snapshots }) => snapshots).length
  if (shown < 2) return
  warnOnce(
    `eventwire: close() ended ${nameOf(settings)} for ${shown} readers: it acts on the stream, and not on one component. ` +
      'To have one component stop reading pass enabled: false, or null as its source',
  )
}
