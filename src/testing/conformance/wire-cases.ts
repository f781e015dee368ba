import type { RawEvent } from 'eventwire/core'
import { lendTextCoders } from '../text-coders.js'

/** Bytes of an event stream, and what they mean. */
export interface WireCase {
  readonly name: string
  readonly bytes: Uint8Array
  readonly events: readonly RawEvent[]
  /** Reconnection times in ms, in order. Default: none. */
  readonly retries?: readonly number[]
  /** The last event ID at the end. Default: the last event's. */
  readonly lastEventId?: string
}

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  lendTextCoders()
  return new TextEncoder().encode(text)
}

/** The text of bytes that were written a character a byte, as HTTP headers are. */
export function fromUTF8(bytes: string | undefined): string {
  return new TextDecoder().decode(Uint8Array.from(bytes ?? '', (byte) => byte.charCodeAt(0)))
}

function wire(
  name: string,
  text: string,
  events: readonly Partial<RawEvent>[],
  beside: Partial<WireCase> = {},
): WireCase {
  return {
    name,
    bytes: utf8(text),
    events: events.map((event) => ({ type: 'message', data: '', lastEventId: '', ...event })),
    ...beside,
  }
}

/** What every transport has to read, whoever parses for it: in short, WHATWG HTML §9.2.6. */
export const wireCases: readonly WireCase[] = [
  wire('events in order', 'data: 1\n\ndata: 2\n\ndata: 3\n\n', [{ data: '1' }, { data: '2' }, { data: '3' }]),
  wire('CRLF, CR and LF', 'data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n', [{ data: '1' }, { data: '2' }, { data: '3' }]),
  wire('several lines of data', 'data: 1\ndata:2\ndata:  3\n\n', [{ data: '1\n2\n 3' }]),
  wire('types, which do not stick', 'event: a\ndata: 1\n\ndata: 2\n\n', [{ type: 'a', data: '1' }, { data: '2' }]),
  wire('types named as parts of objects', 'event: __proto__\ndata: 1\n\n', [{ type: '__proto__', data: '1' }]),
  wire('ids, which stick', 'id: a\ndata: 1\n\ndata: 2\n\nid: b\ndata: 3\n\n', [
    { data: '1', lastEventId: 'a' },
    { data: '2', lastEventId: 'a' },
    { data: '3', lastEventId: 'b' },
  ]),
  wire('an id without an event', 'id: a\n\ndata: 1\n\n', [{ data: '1', lastEventId: 'a' }]),
  wire('an id without an event at the end', 'id: a\ndata: 1\n\nid: b\n\n', [{ data: '1', lastEventId: 'a' }], {
    lastEventId: 'b',
  }),
  wire('an id with NUL, which is none', 'id: a\ndata: 1\n\nid: b\0\ndata: 2\n\n', [
    { data: '1', lastEventId: 'a' },
    { data: '2', lastEventId: 'a' },
  ]),
  wire('text of two, three and four bytes', 'id: π-7\nevent: événement\ndata: €🙂\n\n', [
    { type: 'événement', data: '€🙂', lastEventId: 'π-7' },
  ]),
  wire('a byte order mark', '\ufeffdata: 1\n\n', [{ data: '1' }]),
  wire('comments', ': 1\n\n:\ndata: 1\n: 2\n\n', [{ data: '1' }]),
  wire('fields that nobody knows', 'x: 1\nData: 2\ndata: 1\n\n', [{ data: '1' }]),
  wire('a type without data, which is no event', 'event: a\n\ndata: 1\n\n', [{ data: '1' }]),
  wire('an event without its blank line, which is none', 'data: 1\n\ndata: 2\n', [{ data: '1' }]),
  wire('retry', 'retry: 1234\n\ndata: 1\n\nretry: 99\ndata: 2\n\n', [{ data: '1' }, { data: '2' }], {
    retries: [1234, 99],
  }),
  wire('retry that is no number', 'retry: soon\ndata: 1\n\n', [{ data: '1' }]),
  wire('a long line', `data: ${'0123456789'.repeat(20_000)}\n\n`, [{ data: '0123456789'.repeat(20_000) }]),
]
