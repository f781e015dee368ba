import { json, text } from 'eventwire/core'
import type { Scenario, Step } from './scenario.js'

const event = (data: unknown, more: object = {}): Step => ({ send: { data, ...more } })
const see = (change: Extract<Step, { see: unknown }>['see']): Step => ({ see: change })
const got = (events: number): Step => ({ events })
const opened: Step[] = ['open', see({ status: 'open' })]
const refused = (status: number, headers = {}, body = ''): Step => ({ respond: [status, headers, body] })
const back: Step[] = [see({ status: 'reconnecting' }), 'next', ...opened]
const bytes = (...chunks: (string | Uint8Array)[]): Step[] => chunks.map((chunk) => ({ bytes: chunk }))
const post = { method: 'POST', body: { q: 'ü' } }
const failed = see({ status: 'failed' })

/** All that the servers of the kit must have in common with a server as anyone writes one. */
export const SCENARIOS: readonly Scenario[] = [
  // Events
  { name: 'no event at all', steps: opened },
  { name: 'an event', steps: [event({ cpu: 42 }), got(1)] },
  { name: 'a named event', steps: [event(1, { type: 'metrics' }), got(1)] },
  { name: 'a name with spaces in it', steps: [event(1, { type: 'a b' }), got(1)] },
  { name: 'an event with an id', steps: [event(1, { id: '7' }), got(1)] },
  { name: 'an id beyond ASCII', steps: [event(1, { id: 'π-7' }), got(1)] },
  { name: 'an id that is taken back', steps: [event(1, { id: '7' }), event(2, { id: '' }), got(2)] },
  { name: 'an id without an event', steps: [event(1), { send: { id: '9' } }, event(2), got(2)] },
  { name: 'an id with a null character in it', steps: [event(1, { id: 'a\0b' }), got(1)] },
  { name: 'data of several lines', options: { decode: text() }, steps: [event('a\nb\n'), got(1)] },
  { name: 'empty data', options: { decode: text() }, steps: [...bytes('data\n\n'), got(1)] },
  { name: 'text beyond ASCII', options: { decode: text() }, steps: [event('ü🌍'), got(1)] },
  { name: 'a character cut in two', options: { decode: text() }, steps: [...bytes('data: ', Uint8Array.of(0xc3), Uint8Array.of(0xbc, 10, 10)), got(1)] },
  { name: 'bytes that are no UTF-8', options: { decode: text() }, steps: [...bytes(Uint8Array.of(100, 97, 116, 97, 58, 255, 10, 10)), got(1)] },
  { name: 'a byte order mark', steps: [...bytes('\ufeffdata: 1\n\n'), got(1)] },
  { name: 'a line end cut in two', steps: [...bytes('data: 1\r', '\n\r', '\ndata: 2\r\n\r\n'), got(2)] },
  { name: 'lines that end in CR', steps: [...bytes('data: 1\r\rdata: 2\r\r'), got(2)] },
  { name: 'fields that nobody knows', steps: [...bytes('foo: 1\ndata: 1\nbar\n\n'), got(1)] },
  { name: 'many events in one chunk', options: { history: 3 }, steps: [...bytes('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n'), got(4), see({ data: 4 })] },
  { name: 'comments', steps: [{ comment: 'a' }, ...bytes(':\n: b\n\n'), event(1), got(1)] },
  { name: 'data that is no JSON', options: { decode: json() }, steps: [event('{'), see({ error: { code: 'invalid-event' } })] },
  { name: 'an event past maxEventSize', options: { maxEventSize: 10, retry: { attempts: 0 } }, steps: [event('x'.repeat(100)), failed] },
  { name: 'an event that isError refuses', options: { isError: ({ type }: { type: string }) => type === 'error' && 'refused' }, steps: [event(1, { type: 'error' }), failed] },
  { name: 'an event that ends it by until', options: { until: ({ raw }: { raw: string }) => raw === '2' }, steps: [event(1), event(2), see({ status: 'closed' })] },
  // Ends and breaks
  { name: 'an end', steps: [event(1), got(1), 'end', ...back] },
  { name: 'an end without an event', steps: [...opened, 'end', ...back] },
  { name: 'an end within an event', steps: [event(1), got(1), ...bytes('data: half'), 'end', ...back, event(2), got(2)] },
  { name: 'a break', steps: [event(1), got(1), 'drop', ...back] },
  { name: 'a break without an event', steps: [...opened, 'drop', ...back] },
  { name: 'a break within an event', steps: [event(1), got(1), ...bytes('id: 9\ndata: half'), 'drop', ...back, event(2), got(2)] },
  { name: 'a break before the answer', steps: ['drop', ...back] },
  { name: 'two breaks', steps: [...opened, 'drop', ...back, 'drop', ...back] },
  { name: 'a break, and no retry', options: { retry: { attempts: 0 } }, steps: [...opened, 'drop', failed] },
  { name: 'more breaks than retries', options: { retry: { baseMs: 1, maxMs: 1, attempts: 1 } }, steps: ['drop', see({ status: 'reconnecting' }), 'next', 'drop', failed] },
  // Resuming
  { name: 'the cursor after a break', steps: [event(1, { id: '7' }), got(1), 'drop', ...back] },
  { name: 'the cursor after an end', steps: [event(1, { id: '7' }), got(1), 'end', ...back] },
  { name: 'a cursor beyond ASCII', steps: [event(1, { id: 'π-7' }), got(1), 'drop', ...back] },
  { name: 'a cursor of an id without an event', steps: [{ send: { id: '9' } }, see({ lastEventId: '9' }), 'drop', ...back] },
  { name: 'no cursor once it is taken back', steps: [event(1, { id: '7' }), event(2, { id: '' }), got(2), 'drop', ...back] },
  { name: 'a cursor that no header can carry', steps: [event(1, { id: 'a\u0001' }), got(1), 'drop', ...back] },
  { name: 'a cursor too long for a header', steps: [event(1, { id: '7'.repeat(9_000) }), got(1), 'drop', ...back] },
  { name: 'a cursor to begin with', options: { lastEventId: '5' }, steps: opened },
  {
    name: 'a cursor in the URL as well',
    options: { lastEventIdParam: 'since', lastEventId: '5' },
    steps: opened,
  },
  { name: 'a server that says what it resumed from', steps: [event(1, { id: '7' }), got(1), 'drop', see({ status: 'reconnecting' }), 'next', refused(200, { 'Content-Type': 'text/event-stream', 'Last-Event-ID': '7' }, 'data: 2\n\n'), got(2)] },
  { name: 'a server that replays', options: { replays: true }, steps: [event(1, { id: '7' }), got(1), 'drop', ...back, event(2, { id: '8' }), got(2)] },
  { name: 'a reset: restart()', steps: [event(1, { id: '7' }), got(1), { app: 'restart' }, 'next', ...opened] },
  { name: 'reconnect()', steps: [event(1, { id: '7' }), got(1), { app: 'reconnect' }, 'next', ...opened] },
  { name: 'clear()', steps: [event(1, { id: '7' }), got(1), { app: 'clear' }, see({ data: null })] },
  // Refusals
  ...[400, 403, 404, 410].map((status): Scenario => ({ name: `${status}`, steps: [refused(status, {}, 'no'), failed] })),
  ...[408, 425, 429, 500, 502, 503].map((status): Scenario => ({ name: `${status}, which another attempt may cure`, steps: [refused(status, {}, 'later'), ...back] })),
  { name: '503 with Retry-After', steps: [refused(503, { 'Retry-After': '0' }), ...back] },
  { name: '503 after events', steps: [event(1, { id: '7' }), got(1), 'drop', see({ status: 'reconnecting' }), 'next', refused(503), ...back] },
  { name: '204', steps: [refused(204), see({ status: 'closed' })] },
  { name: '401', steps: [refused(401, {}, 'who?'), failed] },
  { name: '401, and other credentials', options: { headers: ({ reason }: { reason: string }) => ({ authorization: reason }), key: 'one' }, steps: [refused(401), 'next', ...opened] },
  { name: '401 twice', options: { headers: ({ reason }: { reason: string }) => ({ authorization: reason }), key: 'one' }, steps: [refused(401), 'next', refused(401), failed] },
  { name: 'an HTML page', steps: [refused(200, { 'Content-Type': 'text/html' }, '<!doctype html>'), failed] },
  { name: 'JSON', steps: [refused(200, { 'Content-Type': 'application/json' }, '{"error":1}'), failed] },
  { name: 'a charset', steps: [refused(200, { 'Content-Type': 'text/event-stream; charset=utf-8' }, 'data: 1\n\n'), got(1)] },
  {
    name: 'a redirect',
    steps: [refused(307, { Location: '/events?moved' }), 'next', ...opened],
    differs: { createMockSSE: 'nothing follows it: the client is refused with a 307' },
  },
  // Requests
  { name: 'a header', options: { headers: { 'X-App': '1' } }, steps: opened },
  { name: 'white space around a header', options: { headers: { 'X-App': ' 1 ' } }, steps: opened },
  { name: 'an Accept of the app', options: { headers: { Accept: 'text/event-stream, application/json' } }, steps: opened },
  { name: 'a query', options: { url: '/events?a=1&b=ü' }, steps: opened, differs: { createMockSSE: 'the URL as it was asked for, not as it was encoded' } },
  { name: 'a POST', options: post, steps: [event(1), got(1), 'end', see({ status: 'closed' })] },
  { name: 'a POST with text', options: { method: 'POST', body: 'a' }, steps: opened },
  { name: 'a POST with a form', options: { method: 'POST', body: new URLSearchParams({ a: '1' }) }, steps: opened },
  { name: 'a POST of a Blob', options: { method: 'POST', body: new Blob(['a'], { type: 'text/csv' }) }, steps: opened, differs: { createMockSSE: 'the Blob itself' } },
  { name: 'a POST answered with 201', options: post, steps: [refused(201, { 'Content-Type': 'text/event-stream' }, 'data: 1\n\n'), got(1)] },
  { name: 'a POST that breaks', options: post, steps: [event(1), got(1), 'drop', failed] },
  { name: 'a POST that breaks before the answer', options: post, steps: ['drop', failed] },
  { name: 'a POST refused with 503', options: { ...post, retry: { attempts: 0 } }, steps: [refused(503), failed] },
  { name: 'a POST that is asked again', options: post, steps: [event(1), got(1), 'end', see({ status: 'closed' }), { app: 'open' }, 'next', event(2), got(2)] },
  { name: 'a live POST', options: { ...post, live: true }, steps: [event(1, { id: '7' }), got(1), 'end', ...back] },
  { name: 'a GET that is asked once', options: { live: false }, steps: [event(1), got(1), 'end', see({ status: 'closed' })] },
  { name: 'a PUT, in lower case', options: { method: 'put', body: 'a' }, steps: opened },
  // Readers
  { name: 'close()', steps: [event(1), got(1), { app: 'close' }, see({ status: 'closed' })] },
  { name: 'close() before the answer', steps: [{ app: 'close' }, see({ status: 'closed' })] },
  { name: 'close() and open()', steps: [event(1, { id: '7' }), got(1), { app: 'close' }, { app: 'open' }, 'next', ...opened] },
  { name: 'close() while it waits', steps: [...opened, 'drop', see({ status: 'reconnecting' }), { app: 'close' }, see({ status: 'closed' })] },
  { name: 'closeAll()', steps: [event(1, { id: '7' }), got(1), { app: 'closeAll' }, see({ status: 'closed', data: null })] },
  { name: 'reconnectAll()', steps: [event(1, { id: '7' }), got(1), { app: 'reconnectAll' }, 'next', ...opened] },
  { name: 'unsubscribing', steps: [event(1), got(1), { app: 'unsubscribe' }] },
  { name: 'a late reader', steps: [event(1), got(1), 'join', event(2), got(3)] },
  { name: 'a reader that stays', steps: ['join', event(1), got(2), { app: 'unsubscribe' }, event(2), got(3)] },
]
