/** An event to put on the wire. */
export interface WireEvent {
  /** The `event` field. Default: none, so `message`. */
  type?: string | undefined
  /** The `id` field. Default: none. `''` resets the last event ID. */
  id?: string | undefined
  /** A string goes as it is, a line at a time; anything else as JSON. Default: no data, so no event. */
  data?: unknown
  /** The reconnection time, in ms. */
  retry?: number | undefined
}

/** Writes an event in the event stream format, blank line included. */
export function formatEvent({ type, id, data, retry }: WireEvent): string {
  const text = typeof data === 'string' ? data : data === undefined ? undefined : JSON.stringify(data)
  return [
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    ...(text === undefined ? [] : text.split(/\r\n|\n|\r/).map((line) => `data: ${line}`)),
    '',
    '',
  ].join('\n')
}
