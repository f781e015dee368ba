export type { EventOf, Payload } from './server/payload.js'
export type { EventSource as EventsToSend, EventStreamOptions } from './server/event-stream.js'
export type { AnyRequest, CursorOptions } from './server/last-event-id.js'
export type { WireEvent } from './protocol/format-event.js'

export { encodeEvent } from './server/encode-event.js'
export { eventStream } from './server/event-stream.js'
export { lastEventIdOf } from './server/last-event-id.js'
export { resumeHeaders } from './server/resume-headers.js'
