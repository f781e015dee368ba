import * as React from 'react'

/** Both Reacts have `act` in their development builds, and only there. */
const { act } = React as { act?: typeof React.act }
const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean | undefined }

/** Who runs something with React's leave to be tested, and who waits without it. */
let inside = 0
let outside = 0
/** What the test's own setting is. */
let theirs: boolean | undefined

/** Counts one in, and gives what counts it out: whoever ends last puts back how it was. */
function enter(by: { inside?: number; outside?: number }): () => void {
  if (inside + outside === 0) theirs = environment.IS_REACT_ACT_ENVIRONMENT
  const count = (sign: 1 | -1) => {
    inside += sign * (by.inside ?? 0)
    outside += sign * (by.outside ?? 0)
    environment.IS_REACT_ACT_ENVIRONMENT = inside > 0 || (outside > 0 ? false : theirs)
  }
  count(1)
  return () => count(-1)
}

/** Runs something, and whatever React makes of it. */
export function flush(run: () => void): void {
  if (!act) return run()
  const leave = enter({ inside: 1 })
  try {
    act(run)
  } finally {
    leave()
  }
}

let last: Promise<unknown> = Promise.resolve()

/** The same for what takes turns of the event loop: one after the other, since React's `act` can't overlap. */
export function flushAsync(run: () => Promise<void>): Promise<void> {
  if (!act) return run()
  const mine = last.then(async () => {
    const leave = enter({ inside: 1 })
    try {
      await act(run)
    } finally {
      leave()
    }
  })
  last = mine.catch(() => {})
  return mine
}

/** Waits for something that React may have a part in, and renders by itself in the meantime. */
export async function waitOutside<T>(wait: () => Promise<T>): Promise<T> {
  const leave = enter({ outside: 1 })
  try {
    return await wait()
  } finally {
    leave()
  }
}
