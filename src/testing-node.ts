export type { WireEvent } from './protocol/format-event.js'
export type { MockConnection, MockRequest, MockSSE, MockSSEOptions, URLPattern } from './testing/mock-interface.js'
export type { SSEServer, SSEServerOptions } from './testing/node/create-sse-server.js'
export type { Certificate } from './testing/node/listener.js'
export type { CommandHost } from './testing/node/mock-server-command.js'
export type { Drip } from './testing/node/outflow.js'

export { createSSEServer } from './testing/node/create-sse-server.js'
export { runMockServer } from './testing/node/mock-server-command.js'
