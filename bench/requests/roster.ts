import type { WireFormat } from './answer.js'

/** Who is measured, on which bytes. */
export interface Contender {
  readonly id: string
  readonly name: string
  readonly format: WireFormat
}

/** In the order of the table: whoever reads the same bytes stands together, ours first. */
export const roster: readonly Contender[] = [
  { id: 'eventwire', name: 'eventwire', format: 'ui-message-stream' },
  { id: 'ai-sdk', name: 'AI SDK', format: 'ui-message-stream' },
  { id: 'ai-sdk-throttled', name: 'AI SDK, throttle: 50', format: 'ui-message-stream' },
  { id: 'eventwire-ag-ui', name: 'eventwire', format: 'ag-ui' },
  { id: 'tanstack', name: 'TanStack AI', format: 'ag-ui' },
]
