export type { EventSourceEvent, EventSourceLike, NativeTransportOptions } from './transports/native.js'

export { nativeTransport } from './transports/native.js'
