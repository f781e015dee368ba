'use client'

export type { SSEProviderProps } from './react/provider.js'
export type { Selecting, SSEResult, UseSSEOptions } from './react/use-sse.js'
export type { SSERequestResult, UseSSERequestOptions } from './react/use-sse-request.js'
export type { UseSSEReducerOptions } from './react/use-sse-reducer.js'
export type { UseSSEStatusOptions } from './react/use-sse-status.js'
export type { EventHandlers, UseSSEEventOptions } from './react/use-sse-event.js'
export type {
  EventMap,
  EventsOf,
  MappedSource,
  PlainSource,
  ReconnectReason,
  SSEClient,
  SSEDefinition,
  SSEEvent,
  SSESnapshot,
  SSESource,
  Status,
  StreamStatus,
  TypedSource,
} from 'eventwire/core'

export { createSSEClient, defineSSE, json, SSEError, text } from 'eventwire/core'
export { SSEProvider } from './react/provider.js'
export { useSSE } from './react/use-sse.js'
export { useSSEStatus } from './react/use-sse-status.js'
export { useSSERequest } from './react/use-sse-request.js'
export { useSSEReducer } from './react/use-sse-reducer.js'
export { useSSEEvent } from './react/use-sse-event.js'
