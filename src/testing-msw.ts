export type { WireEvent } from './protocol/format-event.js'
export type { MockConnection, MockRequest, MockSSE, MockSSEOptions, URLPattern } from './testing/mock-interface.js'
export type { MockSSEHandler } from './testing/mock-sse-handler.js'

export { mockSSE } from './testing/mock-sse-handler.js'
