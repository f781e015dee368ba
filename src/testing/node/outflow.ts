/** How slowly bytes go out. */
export interface Drip {
  /** How many bytes at a time. */
  readonly bytes: number
  /** How long to wait between, in ms. */
  readonly everyMs: number
}

/** What a connection still has to write. */
export interface Outflow {
  write(bytes: Uint8Array): void
  /** Calls `done` when everything before it has gone out. */
  end(done: () => void): void
  /** From now on; `null`: at once. */
  drip(drip: Drip | null): void
  /** Forgets what waits. */
  stop(): void
}

export function createOutflow(write: (bytes: Uint8Array) => void, first: Drip | null): Outflow {
  let drip = first
  let waiting: Uint8Array[] = []
  let done: (() => void) | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function pump() {
    while (!timer && waiting.length > 0) {
      const [head = new Uint8Array()] = waiting
      const size = drip ? drip.bytes : head.length
      const rest = head.subarray(size)
      waiting = rest.length > 0 ? [rest, ...waiting.slice(1)] : waiting.slice(1)
      write(head.subarray(0, size))
      if (drip) timer = setTimeout(next, drip.everyMs)
    }
    if (waiting.length > 0 || !done) return
    const finish = done
    stop()
    finish()
  }

  function next() {
    timer = null
    pump()
  }

  function stop() {
    if (timer) clearTimeout(timer)
    timer = null
    waiting = []
    done = null
  }

  return {
    write(bytes) {
      waiting.push(bytes)
      pump()
    },
    end(then) {
      done = then
      pump()
    },
    drip(changed) {
      drip = changed
      if (timer) clearTimeout(timer)
      next()
    },
    stop,
  }
}
