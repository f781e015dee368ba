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
  /** What only a person who reads the wire sees. */
  comment?: string | undefined
}

/** What ends a line in an event stream, as the parser reads it. U+2028 and its kin do not. */
const LINE_BREAK = /\r\n|\n|\r/

/**
 * Writes an event in the event stream format, blank line included. Nothing in it can be read as another field or another
 * event: data and comments go a line at a time, with every line break as U+000A; a type or an id can have none.
 *
 * @throws TypeError for a type, id or reconnection time that would not arrive as it is, and for data that is no JSON
 *
 * @example
 * ```tsx
 * import { formatEvent } from 'eventwire/testing'
 *
 * console.log(formatEvent({ type: 'tick', id: '1', data: { count: 1 } }))
 * ```
 */
export function formatEvent({ type, id, data, retry, comment }: WireEvent): string {
  return [
    ...lines('', comment),
    ...field('event', type),
    ...field('id', id),
    ...(retry === undefined ? [] : [`retry: ${checkedRetry(retry)}`]),
    ...lines('data', typeof data === 'string' ? data : jsonOf(data)),
    '',
    '',
  ].join('\n')
}

function field(name: 'event' | 'id', value: string | undefined): string[] {
  if (value === undefined) return []
  const what = `An event's ${name === 'id' ? name : 'type'}`
  if (typeof value !== 'string') throw new TypeError(`${what} must be a string, not ${typeof value}: pass String(…)`)
  if (LINE_BREAK.test(value)) throw unfit(what, 'a line break')
  // UTF-8 has none: another text would arrive, and an id would not be found again.
  if (/\p{Surrogate}/u.test(value)) throw unfit(what, 'half a surrogate pair')
  return [`${name}: ${value}`]
}

/** The error for text that would not arrive as it is. */
export function unfit(what: string, part: string): TypeError {
  return new TypeError(`${what} has ${part} in it, which the format can't carry: use encodeURIComponent, or another text`)
}

const lines = (name: '' | 'data', text: string | undefined): string[] =>
  text === undefined ? [] : text.split(LINE_BREAK).map((line) => `${name}: ${line}`)

/** "If the field value consists of only ASCII digits", it is taken; anything else is silently ignored. */
function checkedRetry(ms: number): number {
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new TypeError(`retry is ${String(ms)}: it must be a whole number of milliseconds, 0 or more`)
}

/** @throws TypeError for what JSON has no text for */
export function jsonOf(data: unknown): string | undefined {
  if (data === undefined) return undefined
  // A seam: TypeScript leaves out that functions and symbols have no JSON.
  const json = JSON.stringify(data) as string | undefined
  if (json === undefined) throw new TypeError(`An event's data is a ${typeof data}, which JSON can't carry`)
  return json
}
