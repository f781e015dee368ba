export type {
  FetchEventSource,
  FetchEventSourceInit,
  FetchEventSourceMessage,
  FetchEventSourceTransportOptions,
} from './transports/fetch-event-source.js'

export { fetchEventSourceTransport } from './transports/fetch-event-source.js'
