import type { Clock } from '../protocol/clock.js'
import type { SSEError } from '../protocol/errors.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'

/** So long somebody may yet look at an error, in ms: a component renders with the next frame. */
const LOOK_MS = 1_000

/** Says, in development, that an error came that nobody looks at: a page that shows `data` alone stays empty for ever. */
export interface UnheardErrors {
  happened(error: SSEError): void
  /** Somebody looked at it. */
  heard(): void
  over(): void
}

/**
 * @param whose - what to call the stream
 * @param hears - whether somebody is told of every error
 */
export function createUnheardErrors(clock: Clock, whose: () => string, hears: () => boolean): UnheardErrors {
  let timer: unknown = null
  let said = false

  function over() {
    clock.clearTimeout(timer)
    timer = null
  }

  return {
    happened({ code, message }) {
      if (said || timer !== null || hears()) return
      timer = clock.setTimeout(() => {
        timer = null
        if (hears()) return
        said = true
        const what = code === 'invalid-event' ? `An event of ${whose()} could not be read` : `${whose()} failed`
        warnOnce(`eventwire: ${what}, and nobody looked: ${message}. Show the error that useSSE gives, or pass onError`)
      }, LOOK_MS)
    },
    heard() {
      said = true
      over()
    },
    over,
  }
}

/**
 * A snapshot with something else in it. Who reads the `error` of one that has such is noticed in development, in what is
 * made of it, too.
 *
 * @internal
 */
export function overlaid<S extends object, M extends object>(snapshot: S, more: M): Readonly<S & M> {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return Object.freeze({ ...snapshot, ...more })
  const parts = { ...Object.getOwnPropertyDescriptors(snapshot), ...Object.getOwnPropertyDescriptors(more) }
  // A seam: it has the properties of both.
  return Object.freeze(Object.defineProperties({}, parts) as S & M)
}
