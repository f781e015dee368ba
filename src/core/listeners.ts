import type { ReaderOptions } from './reader.js'
import type { Settings } from './source.js'

/** One who reads a stream: a hook, or a subscription. */
export interface Reader {
  /** The newest options, closures included. */
  settings: Settings
  /** The event types that `onMessage` is for; `null` for all. */
  readonly listen: readonly string[] | null
  /** `false` once it has left or its `until` has matched: nothing more is delivered. */
  active: boolean
  /** Its `until` has matched. */
  done: boolean
  /** A snapshot was published. */
  readonly changed: () => void
}

type Callbacks = Pick<Required<ReaderOptions>, 'onOpen' | 'onMessage' | 'onError' | 'onClose' | 'onResume' | 'onUndeclared'>

/** Runs a user's function. What it throws stops nobody: `onUncaught` hears of it, else the console. */
export function guarded<T>({ onUncaught }: Pick<Settings, 'onUncaught'>, run: () => T): T | undefined {
  const report = (error: unknown) => {
    if (onUncaught) guarded({ onUncaught: undefined }, () => onUncaught(error))
    else if (typeof reportError === 'function') reportError(error)
    else console.error('eventwire: a callback threw.', error)
  }
  try {
    const result = run()
    if (result instanceof Promise) result.catch(report)
    return result
  } catch (error) {
    report(error)
    return undefined
  }
}

/** Calls one callback of every reader that is still there. `readers` is copied: any of them may leave on the way. */
export function deliver<K extends keyof Callbacks>(
  readers: Iterable<Reader>,
  name: K,
  ...facts: Parameters<NonNullable<Callbacks[K]>>
): void {
  for (const { active, settings } of [...readers]) {
    // A seam: TypeScript does not see that a callback of this name takes these arguments.
    const callback = settings[name] as ((...args: unknown[]) => void) | undefined
    if (active && callback) guarded(settings, () => callback(...facts))
  }
}
