import type { Decoder, EventMap, SSEDefinition } from 'eventwire/core'
import type { WireEvent } from '../protocol/format-event.js'
import type { EventOf } from './payload.js'
import { formatEvent, jsonOf, unfit } from '../protocol/format-event.js'

/**
 * Writes an event as it goes over the wire, blank line included. With the definition that the client reads it by, the type
 * says what data is right, and how it is written: as text for `text()`, as JSON for `json()` and schemas; what a function of
 * one's own reads is written as it is if it is a string, else as JSON. Without one, a string is text and all else is JSON.
 *
 * No line break in data, a comment, a type or an id can begin another field or event.
 *
 * @throws TypeError for a type that the definition does not have, a type or id that the format can't carry, a reconnection
 * time that is no whole number, and data that has no JSON
 *
 * @example
 * ```tsx
 * import { defineSSE, json } from 'eventwire/core'
 * import { encodeEvent } from 'eventwire/server'
 *
 * const ops = defineSSE({ url: '/events', events: { alert: json<{ title: string }>() } })
 * console.log(encodeEvent(ops, { type: 'alert', id: '17', data: { title: 'Disk full' } }))
 * ```
 */
export function encodeEvent<const M extends EventMap>(definition: SSEDefinition<M>, event: EventOf<M>): string
export function encodeEvent(definition: undefined, event: WireEvent): string
export function encodeEvent(event: WireEvent): string
export function encodeEvent(first: SSEDefinition | WireEvent | undefined, second?: WireEvent): string {
  // Seams: the overloads say which is which.
  if (second === undefined) return write(undefined, first as WireEvent)
  return write(first as SSEDefinition | undefined, second)
}

/** The same for whoever has the definition or not. */
export function write(definition: SSEDefinition | undefined, event: WireEvent): string {
  if (typeof event !== 'object' || event === null)
    throw new TypeError('An event is an object: { type, data, id, retry, comment }')
  // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
  if (typeof event.id === 'string' && event.id.includes('\0')) throw unfit("An event's id", 'NUL')
  if (definition && (event.type !== undefined || event.data !== undefined))
    return formatEvent({ ...event, data: textOf(definition.events, event) })
  if (event.type !== undefined && event.data === undefined)
    throw new TypeError(`The event '${event.type}' has no data, and clients ignore such events: send data, '' at least`)
  return formatEvent(event)
}

function textOf(events: EventMap, { type, data }: WireEvent): string {
  const decoder = type !== undefined && Object.hasOwn(events, type) ? events[type] : undefined
  if (decoder === undefined) {
    const known = Object.keys(events).join(', ')
    throw new TypeError(`The definition has no event '${type ?? 'message'}': it has ${known}. Declare it there`)
  }
  const format = formatOf(decoder)
  if (format === 'text' && typeof data !== 'string')
    throw new TypeError(`The event '${type}' is text, and its data is ${typeof data}: pass a string`)
  const text = typeof data === 'string' && format !== 'json' ? data : jsonOf(data)
  if (text === undefined) throw new TypeError(`The event '${type}' has no data: null is JSON, undefined is not`)
  return text
}

/** What text a decoder reads; `null` where only its owner knows. Schemas are given JSON. */
function formatOf(decoder: Decoder): 'json' | 'text' | null {
  if (typeof decoder === 'string') return decoder
  // First, for ArkType's are functions, and some of zod's have a format of their own.
  if ('~standard' in decoder) return 'json'
  return 'format' in decoder && (decoder.format === 'json' || decoder.format === 'text') ? decoder.format : null
}
