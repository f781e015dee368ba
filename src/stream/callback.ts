import type { Report } from '../options/reader-options.js'
import { isThenable, settled } from '../protocol/promise.js'

/** How deep in functions of users' this very call is. Never more than one task's: it is back at 0 when they return. */
let depth = 0
/** The option that the innermost of them is, where that is of interest. */
let calling = ''

/** Whether a function of a user's is being called right now: what is wished in there waits for the next task. */
export function insideCallback(): boolean {
  return depth > 0
}

/** Which option it is; `''` where nobody said. */
export function callingOption(): string {
  return calling
}

/** Calls a function of a user's. What it throws, or rejects with, stops nobody: `onUncaught` hears of it, else the console. */
export function call<A, B>(
  onUncaught: Report | undefined,
  callback: (a: A, b: B) => unknown,
  a: A,
  b?: B,
  option = '',
): void {
  const outer = calling
  calling = option
  depth++
  try {
    // A seam: a callback of one argument is called with one.
    const result = b === undefined ? (callback as (a: A) => unknown)(a) : callback(a, b)
    if (isThenable(result)) result.then(undefined, (error: unknown) => report(onUncaught, error))
  } catch (error) {
    report(onUncaught, error)
  } finally {
    depth--
    calling = outer
  }
}

/** The same for a function whose answer counts; `undefined` where it threw. */
export function guarded<T>(onUncaught: Report | undefined, run: () => T): T | undefined {
  depth++
  try {
    const answer = run()
    if (isThenable(answer)) answer.then(undefined, (error: unknown) => report(onUncaught, error))
    return answer
  } catch (error) {
    report(onUncaught, error)
    return undefined
  } finally {
    depth--
  }
}

/** The same for one whose answer is needed at once: a promise is no answer, and says so. */
export function answered<T>(onUncaught: Report | undefined, name: string, run: () => T): T | undefined {
  return guarded(onUncaught, () => settled(name, run()))
}

function report(onUncaught: Report | undefined, error: unknown): void {
  if (onUncaught) guarded(undefined, () => onUncaught(error))
  else if (typeof reportError === 'function') reportError(error)
  else console.error('eventwire: a callback threw.', error)
}
