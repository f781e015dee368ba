/**
 * What readers have not been told yet, in order: one fact after the other, each to everyone. What a callback does is told
 * after what it was told.
 */
export interface CallbackQueue {
  push(tell: () => void): void
  /** Begins to tell; `false` when someone further up already does, and will tell the rest. */
  enter(): boolean
  /** Tells what has gathered. For who entered first. */
  leave(): void
}

export function createCallbackQueue(): CallbackQueue {
  const waiting: (() => void)[] = []
  let telling = false
  return {
    push: (tell) => void waiting.push(tell),
    enter() {
      if (telling) return false
      return (telling = true)
    },
    leave() {
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) next()
      } finally {
        telling = false
      }
    },
  }
}
