import { event, proves, stream } from '../case.js'

const uuid = 'urn:uuid:6f1c7f3e-8a55-4d0b-9f6e-0c2b6a4d7e11'

/** What tutorials and servers put on the wire, byte for byte in form. */
export const serverCases = [
  ...proves(
    'Tutorials: Node and Express, res.write',
    stream('data of JSON', 'data: {"time":"12:00:00"}\n\ndata: {"time":"12:00:01"}\n\n', [
      event('{"time":"12:00:00"}'),
      event('{"time":"12:00:01"}'),
    ]),
    stream('event before data', 'event: ping\ndata: {"n":1}\n\n', [event('{"n":1}', '', 'ping')]),
    stream('event after data', 'data: {"n":1}\nevent: ping\n\n', [event('{"n":1}', '', 'ping')]),
    stream('id first, then event, then data', 'id: 1\nevent: tick\ndata: a\n\nid: 2\nevent: tick\ndata: b\n\n', [
      event('a', '1', 'tick'),
      event('b', '2', 'tick'),
    ]),
    stream('id after data', 'data: a\nid: 1\n\ndata: b\nid: 2\n\n', [event('a', '1'), event('b', '2')]),
    stream('retry first', 'retry: 10000\n\nid: 1\ndata: a\n\n', [event('a', '1')], { retries: [10000] }),
    stream('retry with the first event', 'retry: 10000\ndata: a\n\n', [event('a')], { retries: [10000] }),
    stream('an opening comment', ': connected\n\ndata: a\n\n', [event('a')], { comments: ['connected'] }),
    stream('a bare line end to flush', '\ndata: a\n\n', [event('a')]),
    stream('padding for old browsers', `:${' '.repeat(2048)}\nretry: 2000\n\ndata: a\n\n`, [event('a')], {
      comments: [' '.repeat(2047)],
      retries: [2000],
    }),
    stream('indented pretty-printed JSON, a line each', 'data: {\ndata:   "a": 1\ndata: }\n\n', [event('{\n  "a": 1\n}')]),
    stream('a template literal whose indent reached the wire', 'data: a\n    \n    data: b\n\n', [event('a')]),
    stream('one newline too few: events run together', 'data: a\ndata: b\n\n', [event('a\nb')]),
  ),
  ...proves(
    'Tutorials: heartbeats',
    stream(': heartbeat', ': heartbeat\n\ndata: a\n\n: heartbeat\n\n', [event('a')], { comments: ['heartbeat', 'heartbeat'] }),
    stream(':keepalive', ':keepalive\n\n:keepalive\n\n', [], { comments: ['keepalive', 'keepalive'] }),
    stream('as an event with data', 'event: heartbeat\ndata:\n\n', [event('', '', 'heartbeat')]),
    stream('as an event without data, which is none', 'event: heartbeat\n\ndata: a\n\n', [event('a')]),
    stream('within an event', 'data: a\n: heartbeat\n\n', [event('a')], { comments: ['heartbeat'] }),
  ),
  ...proves(
    'Servers: Python (sse-starlette, Flask)',
    stream('CRLF with a dated ping', 'id: 1\r\nevent: update\r\ndata: {"n": 1}\r\n\r\n: ping - 2026-01-01 00:00:00+00:00\r\n\r\n', [
      event('{"n": 1}', '1', 'update'),
    ], { comments: ['ping - 2026-01-01 00:00:00+00:00'] }),
    stream('CRLF data of several lines', 'event: log\r\ndata: a\r\ndata: b\r\nretry: 15000\r\n\r\n', [event('a\nb', '', 'log')], {
      retries: [15000],
    }),
  ),
  ...proves(
    'Servers: Java and Go (Spring, Gin)',
    stream('no space after the colon', 'id:1\nevent:update\ndata:{"n":1}\n\n', [event('{"n":1}', '1', 'update')]),
    stream('a comment without the space', ':hello\n\nretry:5000\ndata:x\n\n', [event('x')], { comments: ['hello'], retries: [5000] }),
    stream('a text that starts with a space loses it', 'data: x\n\ndata:  y\n\n', [event('x'), event(' y')]),
  ),
  ...proves(
    'Servers: Rails, PHP, ASP.NET',
    stream('id, event, retry, data', 'id: 10\nevent: rename\nretry: 500\ndata: {"name":"x"}\n\n', [event('{"name":"x"}', '10', 'rename')], {
      retries: [500],
    }),
    stream('PHP_EOL on Windows', 'data: a\r\n\r\ndata: b\r\n\r\n', [event('a'), event('b')]),
    stream('mixed line ends of a heredoc', 'event: a\r\ndata: x\n\r\n', [event('x', '', 'a')]),
    stream('a BOM that the editor saved', '\ufeffdata: a\n\n', [event('a')]),
  ),
  ...proves(
    'Servers: language models',
    stream('tokens, then [DONE]', 'data: {"d":"Hel"}\n\ndata: {"d":"lo"}\n\ndata: [DONE]\n\n', [
      event('{"d":"Hel"}'),
      event('{"d":"lo"}'),
      event('[DONE]'),
    ]),
    stream('typed events', 'event: start\ndata: {"type":"start"}\n\nevent: ping\ndata: {"type": "ping"}\n\nevent: stop\ndata: {}\n\n', [
      event('{"type":"start"}', '', 'start'),
      event('{"type": "ping"}', '', 'ping'),
      event('{}', '', 'stop'),
    ]),
    stream('a queue comment before tokens', ': PROCESSING\n\n: PROCESSING\n\ndata: {}\n\n', [event('{}')], {
      comments: ['PROCESSING', 'PROCESSING'],
    }),
    stream('tokens that are spaces', 'data: Hello\n\ndata:  world\n\ndata:  \n\n', [event('Hello'), event(' world'), event(' ')]),
    stream('tokens that are emoji and accents', 'data: né\n\ndata: 👩‍👩‍👧\n\n', [event('né'), event('👩‍👩‍👧')]),
  ),
  ...proves(
    'Servers: hubs and logs (Mercure, Wikimedia, GraphQL over SSE)',
    stream('ids that are URNs', `id: ${uuid}\ndata: {}\n\n`, [event('{}', uuid)]),
    stream('ids that are JSON', 'event: message\nid: [{"topic":"t","partition":0,"offset":-1}]\ndata: {}\n\n', [
      event('{}', '[{"topic":"t","partition":0,"offset":-1}]'),
    ]),
    stream('next and complete', 'event: next\ndata: {"data":{}}\n\nevent: complete\ndata:\n\n', [
      event('{"data":{}}', '', 'next'),
      event('', '', 'complete'),
    ]),
    stream('an id-only bookmark', 'id: 41\ndata: a\n\nid: 42\n\n', [event('a', '41')], { lastEventId: '42' }),
  ),
]
