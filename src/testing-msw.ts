export type { WireEvent } from './testing/format.js'
export type { MockConnection, MockRequest, MockSSE, MockSSEOptions, URLPattern } from './testing/mock-sse.js'
export type { MockSSEHandler } from './testing/mock-sse-handler.js'

export { mockSSE } from './testing/mock-sse-handler.js'
