import type { Settings } from '../options/settings.js'
import type { Clock } from '../protocol/clock.js'
import { differingOption } from '../options/stream-key.js'
import { MODE_KNOWN, warnOnce } from '../protocol/development.js'

/** So many changes in a row, each in a render that only our own publication caused. */
const BY_US = 3
/** So many renders in a row, each with another object where identities compare by reference. */
const BY_REFERENCE = 5
/** How long to wait before one more render tells whether an identity stays; renders of one ms may agree by chance. */
const SETTLE_MS = 100

/** Keeps an identity that is another one in every render (`body: new FormData()` written inline) from driving a loop. */
export interface SteadyIdentity {
  /** What to read: what is asked for or, while that never stays, what was asked for last. */
  hold(asked: Settings): Settings
  /**
   * A render that asked for this is on screen.
   *
   * @param ours - nothing but a publication of ours caused it
   */
  commit(asked: Settings | null, ours: boolean): void
  /** Nobody is on screen: no timer may be left. */
  leave(): void
}

type Identity = Pick<
  Settings,
  'url' | 'baseUrl' | 'method' | 'body' | 'credentials' | 'redirect' | 'headers' | 'transport' | 'canAsk' | 'streamKey'
>

/** @param again - renders once more */
export function createSteadyIdentity(clock: Clock, again: () => void): SteadyIdentity {
  /** What is read in place of what is asked for. */
  let kept: Identity | null = null
  let last: Settings | null = null
  let lastAt = 0
  let byUs = 0
  let byReference = 0
  let timer: unknown = null
  let checking = false

  function check() {
    // Whatever changes meanwhile: one that changes with every render would put it off for ever.
    timer ??= clock.setTimeout(() => {
      timer = null
      checking = true
      again()
    }, SETTLE_MS)
  }

  function letGo() {
    clock.clearTimeout(timer)
    timer = kept = null
    byUs = byReference = 0
  }

  function changed(before: Settings, asked: Settings, ours: boolean) {
    byUs = ours ? byUs + 1 : 0
    const other = asked.references.some((part, index) => part !== before.references[index])
    byReference = other ? byReference + 1 : 0
    if (kept) {
      if (checking) warnOfUnsteady(before, asked)
      else if (!ours) check()
    } else if (byUs >= BY_US || byReference >= BY_REFERENCE) {
      kept = partsOf(asked)
      check()
    }
  }

  /** Two renders agree: what is asked for now stays. */
  function agreed(ours: boolean) {
    byReference = 0
    if (!kept || (ours && clock.now() - lastAt < SETTLE_MS / 2)) return
    const other = kept.streamKey !== last?.streamKey
    letGo()
    if (other) again()
  }

  return {
    hold: (asked) => (kept ? { ...asked, ...kept } : asked),
    commit(asked, ours) {
      if (!asked) letGo()
      else if (last && asked.streamKey === last.streamKey) agreed(ours)
      else {
        if (last) changed(last, asked, ours)
        lastAt = clock.now()
      }
      checking = false
      last = asked
    },
    leave() {
      clock.clearTimeout(timer)
      timer = null
    },
  }
}

function partsOf({ url, baseUrl, method, body, credentials, redirect, headers, transport, canAsk, streamKey }: Settings): Identity {
  return { url, baseUrl, method, body, credentials, redirect, headers, transport, canAsk, streamKey }
}

function warnOfUnsteady(before: Settings, asked: Settings): void {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return
  const option = differingOption(before.streamKey, asked.streamKey) ?? 'source'
  warnOnce(
    `eventwire: the option '${option}' is another one in every render, so that each would connect anew. The stream keeps the one it has. ` +
      `Make it once, with useMemo, useState or outside of the component, or pass ${option} as a function: it is asked for every attempt`,
  )
}
