import type { Fact, FactBody } from './fact.js'
import type { Report } from '../options/reader-options.js'
import { guarded } from './callback.js'

/** Where every stream of a client tells what happens to it. */
export interface Tap {
  /** Whether anyone listens: who makes a fact asks first, so that it costs nothing. */
  readonly open: boolean
  tell(stream: string, body: FactBody): void
  /** Gives what stops it. A listener that throws stops nobody. */
  observe(listener: (fact: Fact) => void): () => void
}

export function createTap(now: () => number, onUncaught: Report | undefined): Tap {
  const listeners = new Set<(fact: Fact) => void>()
  return {
    get open() {
      return listeners.size > 0
    },
    tell(stream, body) {
      const fact: Fact = Object.freeze({ at: now(), stream, ...body })
      for (const listener of [...listeners]) guarded(onUncaught, () => listener(fact))
    },
    observe(listener) {
      // Each call is a listener of its own, also where the function is the same.
      const own = (fact: Fact) => listener(fact)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
