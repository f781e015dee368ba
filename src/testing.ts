export type { WireEvent } from './testing/format.js'
export type { MockConnection, MockTransport, MockTransportOptions } from './testing/mock-transport.js'
export type { VirtualClock, VirtualClockOptions } from './protocol/virtual-clock.js'

export { formatEvent } from './testing/format.js'
export { mockTransport } from './testing/mock-transport.js'
export { createVirtualClock } from './protocol/virtual-clock.js'
