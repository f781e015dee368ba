/** The error for a function that gave a promise where nobody waits for one; `null` where it gave something else. */
export function promiseError(name: string, answer: unknown): TypeError | null {
  if (typeof answer !== 'object' || answer === null || !('then' in answer) || typeof answer.then !== 'function') return null
  // What it rejects with is no longer of interest, and must not end a process.
  Promise.resolve(answer).catch(() => {})
  return new TypeError(`${name} gave a promise, which nobody waits for: make it synchronous`)
}
