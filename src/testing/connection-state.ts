import type { MockConnection } from './mock-interface.js'

/** Where a mock connection stands. */
export interface ConnectionLife {
  readonly state: MockConnection['state']
  readonly closed: Promise<void>
  /** False when it was answered already, or is over. */
  open(): boolean
  /** False when it was over already. */
  close(): boolean
}

export function createConnectionState(): ConnectionLife {
  let state: MockConnection['state'] = 'pending'
  let tell = () => {}
  const closed = new Promise<void>((resolve) => (tell = resolve))
  return {
    get state() {
      return state
    },
    closed,
    open() {
      if (state !== 'pending') return false
      state = 'open'
      return true
    },
    close() {
      if (state === 'closed') return false
      state = 'closed'
      tell()
      return true
    },
  }
}
