import type { CreateMockSSEOptions, InProcessMockSSE, URLPattern } from 'eventwire/testing'
import type { ComponentType, ReactNode } from 'react'
import type { Time } from './time.ts'
import { createMockSSE } from 'eventwire/testing'
import { createTime } from './time.ts'

/** What stands around an app in a story. */
export interface Stage {
  readonly time: Time
  readonly Provider: ComponentType<{ children?: ReactNode }>
}

/** A stage whose server is the testing kit's mock. */
export interface MockStage extends Stage {
  readonly sse: InProcessMockSSE
}

/** Where every story's time begins: an ordinary Monday, nine o'clock UTC. */
export const START = Date.UTC(2026, 0, 5, 9)

export function createStage(url: URLPattern, options: CreateMockSSEOptions = {}): MockStage {
  const sse = createMockSSE(url, { now: START, ...options })
  return { sse, time: createTime(sse), Provider: sse.Provider }
}
