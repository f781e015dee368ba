/** So long may a stream that keeps coming hold the thread, in ms: half a frame. */
const SLICE_MS = 8

/** Lets the page have its turn while a stream keeps coming: reads that are there already come one after the other. */
export interface PageTurns {
  /** `null` while there is time; else what to wait for before the next read. */
  due(): Promise<void> | null
  /** A read took so many ms to come: the page has had its turn meanwhile. */
  waited(ms: number): void
}

/** A read that is there already may seem to take one: clocks tick. */
const WAITED_MS = 2

/** @param now - in ms; a clock that stands still never asks for a break */
export function createPageTurns(now: () => number): PageTurns {
  let since = now()
  return {
    due() {
      if (now() - since < SLICE_MS) return null
      return nextTask().then(() => void (since = now()))
    },
    waited(ms) {
      if (ms >= WAITED_MS) since = now()
    },
  }
}

/** After all that waits for the thread right now. A timer would cost four times as long as it lets others run. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof MessageChannel !== 'function') return void setTimeout(resolve)
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
