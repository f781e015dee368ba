import type { Clock } from '../protocol/clock.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'
import { callingOption, insideCallback } from './callback.js'

/** What somebody wants of a stream, and when it happens. */
export interface Wish {
  /**
   * Grants it: at once, or, made in a callback, in the next task, so that no callback can keep the page from that.
   *
   * @param grant - is told whether a callback made it
   */
  make(grant: (by: 'call' | 'callback') => void): void
  /** Takes back what was not granted yet. */
  withdraw(): void
}

export function createWish(clock: Clock): Wish {
  let timer: unknown = null

  function withdraw() {
    clock.clearTimeout(timer)
    timer = null
  }

  return {
    make(grant) {
      withdraw()
      if (!insideCallback()) return grant('call')
      if (MODE_KNOWN && process.env.NODE_ENV !== 'production') warnOfHaste()
      timer = clock.setTimeout(() => {
        timer = null
        grant('callback')
      }, 0)
    },
    withdraw,
  }
}

/** Who comes from `onerror = () => connect()` writes that here, too. */
function warnOfHaste(): void {
  const option = callingOption()
  if (option === 'onError' || option === 'onClose')
    warnOnce(
      `eventwire: ${option} asked for a connection. After errors and planned ends eventwire reconnects by itself, as 'retry' says; ` +
        'what is refused (a 404, a 204) stays so. Such a wish waits for the next task, and for 100 ms between two attempts',
    )
}
