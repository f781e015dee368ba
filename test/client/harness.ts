import type { ClientOptions, SSEClient } from 'eventwire/core'
import type { MockTransport, VirtualClock } from 'eventwire/testing'
import { createSSEClient } from 'eventwire/core'
import { createVirtualClock, mockTransport } from 'eventwire/testing'

/** A client whose time and network belong to the test. */
export interface Harness {
  readonly client: SSEClient
  readonly clock: VirtualClock
  readonly transport: MockTransport
  /** What callbacks threw. */
  readonly uncaught: unknown[]
}

export function harness(options: ClientOptions = {}): Harness {
  const clock = createVirtualClock({ now: 0 })
  const transport = mockTransport()
  const uncaught: unknown[] = []
  const client = createSSEClient({ clock, transport, onUncaught: (error) => uncaught.push(error), ...options })
  return { client, clock, transport, uncaught }
}
