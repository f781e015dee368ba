import { act } from '@testing-library/react'
import { SSEProvider } from 'eventwire'
import type { ReactNode } from 'react'
import type { MockConnection } from 'eventwire/testing'
import type { Harness } from '../client/harness.js'
import { harness } from '../client/harness.js'

/** A {@link harness} for hooks: everything that makes React work goes through `act`. */
export interface ReactHarness extends Harness {
  wrapper(props: { children: ReactNode }): ReactNode
  connected(): Promise<MockConnection>
  advance(ms: number): Promise<void>
}

export function reactHarness(): ReactHarness {
  const all = harness()
  return {
    ...all,
    wrapper: ({ children }) => <SSEProvider client={all.client}>{children}</SSEProvider>,
    connected: () => act(() => all.transport.connected()),
    advance: (ms) => act(() => all.clock.advance(ms)),
  }
}
