import * as React from 'react'

/** Both Reacts have `act` in their development builds, and only there. */
const { act } = React as { act?: typeof React.act }
const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean | undefined }

/** Runs `run` with React's leave to be tested, or without it; returns what puts back how it was. */
function allow(allowed: boolean): () => void {
  const before = environment.IS_REACT_ACT_ENVIRONMENT
  environment.IS_REACT_ACT_ENVIRONMENT = allowed
  return () => (environment.IS_REACT_ACT_ENVIRONMENT = before)
}

/** Runs something, and whatever React makes of it. */
export function flush(run: () => void): void {
  if (!act) return run()
  const restore = allow(true)
  try {
    act(run)
  } finally {
    restore()
  }
}

/** What takes turns of the event loop right now: React's act can't overlap. */
let running: Promise<void> = Promise.resolve()

/** The same for what takes turns of the event loop: one after the other. */
export function flushAsync(run: () => Promise<void>): Promise<void> {
  const mine = running.then(() => flushAlone(run))
  running = mine.catch(() => {})
  return mine
}

async function flushAlone(run: () => Promise<void>): Promise<void> {
  if (!act) return run()
  const restore = allow(true)
  try {
    await act(run)
  } finally {
    restore()
  }
}

/** Waits for something that React may have a part in, and renders by itself in the meantime. */
export async function waitOutside<T>(wait: () => Promise<T>): Promise<T> {
  const restore = allow(false)
  try {
    return await wait()
  } finally {
    restore()
  }
}
