import type { ReaderOptions, Report } from './reader.js'
import type { Settings } from './source.js'

/** One who reads a stream: a hook, or a subscription. */
export interface Reader {
  /** The newest options, closures included. */
  settings: Settings
  /** The event types that `onMessage` is for; `null` for all. */
  readonly listen: readonly string[] | null
  /** `false` once it has left or its `until` has matched: nothing more is delivered. */
  active: boolean
  /** A snapshot was published. */
  readonly changed: () => void
}

type Callbacks = Pick<Required<ReaderOptions>, 'onOpen' | 'onMessage' | 'onError' | 'onClose' | 'onResume' | 'onUndeclared'>

/** Runs a user's function: what it throws is reported and stops nobody. */
export function guarded<T>(report: Report, run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    report(error)
    return undefined
  }
}

/** Where what this reader's functions throw goes: the nearest provider's `onUncaught`, else the client's. */
export function reportOf({ settings: { onUncaught } }: Reader, report: Report): Report {
  return (error) => {
    try {
      ;(onUncaught ?? report)(error)
    } catch (worse) {
      report(worse)
    }
  }
}

/** Calls one callback of every reader that is still there. `readers` is copied: any of them may leave on the way. */
export function deliver<K extends keyof Callbacks>(
  readers: Iterable<Reader>,
  report: Report,
  name: K,
  ...facts: Parameters<NonNullable<Callbacks[K]>>
): void {
  for (const reader of [...readers]) {
    if (!reader.active) continue
    // A seam: TypeScript does not see that a callback of this name takes these arguments.
    const callback = reader.settings[name] as ((...args: unknown[]) => void) | undefined
    if (callback) guarded(reportOf(reader, report), () => callback(...facts))
  }
}
