export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/**
 * The error for a function that gave a promise where nobody waits for one; `null` where it gave something else.
 *
 * @internal
 */
export function promiseError(name: string, answer: unknown): TypeError | null {
  if (!isThenable(answer)) return null
  // What it rejects with is no longer of interest, and must not end a Node process.
  answer.then(undefined, () => {})
  return new TypeError(`${name} gave a promise, which nobody waits for: make it synchronous`)
}

/**
 * What a function gave that has to answer at once.
 *
 * @internal
 * @throws TypeError for a promise, which nobody would wait for
 */
export function settled<T>(name: string, answer: T): T {
  const error = promiseError(name, answer)
  if (error) throw error
  return answer
}
