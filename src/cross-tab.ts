export type { CrossTabTransportOptions } from './transports/cross-tab/cross-tab.js'

export { crossTabTransport } from './transports/cross-tab/cross-tab.js'
