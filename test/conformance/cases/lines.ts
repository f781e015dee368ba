import { event, proves, stream, wire } from '../case.js'

const long = 'long '.repeat(60)

/** §9.2.6, how text becomes lines, and lines fields. */
export const lineCases = [
  ...proves(
    'The stream must then be parsed by reading everything line by line, with a CRLF character pair, a single LF not ' +
      'preceded by a CR, and a single CR not followed by an LF being the ways in which a line can end.',
    stream('CRLF is one line end, not two', 'data: a\r\ndata: b\r\n\r\n', [event('a\nb')]),
    stream('LF CR is two line ends', 'data: a\n\rdata: b\n\r', [event('a'), event('b')]),
    stream('CR CR LF is two line ends', 'data: a\r\r\ndata: b\r\r\n', [event('a'), event('b')]),
    stream('CR LF LF is two line ends', 'data: a\r\n\ndata: b\r\n\n', [event('a'), event('b')]),
    stream('CR LF CR is two line ends', 'data: a\r\n\rdata: b\r\n\r', [event('a'), event('b')]),
    stream('a CR is no part of the value', 'data: a\r\nid: 1\r\nevent: e\r\n\r\n', [event('a', '1', 'e')]),
    stream('a comment ends at a CR', ': c\rdata: x\r\r', [event('x')], { comments: ['c'] }),
    stream('a last CR ends the line at once', 'data: a\r\r', [event('a')]),
    stream('a last CR alone leaves the block open', 'data: a\r', []),
    stream('a last CRLF alone leaves the block open', 'data: a\r\n', []),
    stream('CRs, then an LF far later', 'data: a\r\rdata: b\r\rdata: c\n\n', [event('a'), event('b'), event('c')]),
    stream('LFs, then a CR far later', 'data: a\n\ndata: b\n\ndata: c\r\r', [event('a'), event('b'), event('c')]),
    stream('lines past any small buffer', `data: ${long}\r\nid: ${long}\r\n\r\n: ${long}\n`, [event(long, long)], {
      comments: [long],
    }),
    stream('non-ASCII lines past any small buffer', `data: ${'é€🙂'.repeat(150)}\n\n`, [event('é€🙂'.repeat(150))]),
  ),
  ...proves(
    'When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with it.',
    stream('the three are apart', 'data: d\nevent: e\nid: i\n\n', [event('d', 'i', 'e')]),
  ),
  ...proves(
    'They must be initialized to the empty string.',
    stream('a first event with data alone', 'data: x\n\n', [event('x', '', 'message')]),
  ),
  ...proves(
    'Lines must be processed, in the order they are received.',
    stream('data lines keep their order', 'data: 3\ndata: 1\ndata: 2\n\n', [event('3\n1\n2')]),
    stream('the later type wins', 'event: a\ndata: x\nevent: b\n\n', [event('x', '', 'b')]),
    stream('the later id wins', 'id: 1\ndata: x\nid: 2\n\n', [event('x', '2')]),
    stream('every retry counts, in order', 'retry: 1\nretry: 3\nretry: 2\n', [], { retries: [1, 3, 2] }),
  ),
  ...proves(
    'If the line is empty (a blank line): dispatch the event, as defined below.',
    stream('a blank line ends the event', 'data: a\n\ndata: b\n\n', [event('a'), event('b')]),
    stream('more blank lines dispatch nothing more', 'data: a\n\n\n\r\n\rdata: b\n\n\n', [event('a'), event('b')]),
    stream('a line of one space is not blank', 'data: a\n \ndata: b\n\n', [event('a\nb')]),
    stream('a line of one tab is not blank', 'data: a\n\t\ndata: b\n\n', [event('a\nb')]),
    stream('a line of one NUL is not blank', 'data: a\n\0\ndata: b\n\n', [event('a\nb')]),
  ),
  ...proves(
    'If the line starts with a COLON character (:): ignore the line.',
    stream('a comment within an event', 'data: a\n: c\ndata: b\n\n', [event('a\nb')], { comments: ['c'] }),
    stream('a comment does not end an event', 'data: a\n:\n: \n\n', [event('a')], { comments: ['', ''] }),
    stream('a comment of one space and more', ':  two spaces\n', [], { comments: [' two spaces'] }),
    stream('a space before the colon makes it a field', ' : no comment\ndata: x\n\n', [event('x')]),
    stream('a comment that the stream leaves unfinished', 'data: x\n\n: c', [event('x')]),
  ),
  ...proves(
    'If the line contains a COLON character (:): collect the characters before the first COLON, and let field be that string.',
    stream('before the first, not the last', 'data:id: 1\n\n', [event('id: 1')]),
    stream('a space before the colon belongs to the name', 'data : a\ndata: b\n\n', [event('b')]),
    stream('a space before the name belongs to the name', ' data: a\ndata: b\n\n', [event('b')]),
  ),
  ...proves(
    'Collect the characters on the line after the first COLON character (:), and let value be that string.',
    stream('everything after it, colons too', 'data:a:b::c:\n\n', [event('a:b::c:')]),
    stream('a value that is a colon', 'data::\n\n', [event(':')]),
    stream('an id with colons', 'id: urn:x:1\ndata: x\n\n', [event('x', 'urn:x:1')]),
    stream('spaces at the end stay', 'data: x  \n\n', [event('x  ')]),
    stream('quotes and backslashes are text', 'data: "a\\nb"\n\n', [event('"a\\nb"')]),
  ),
  ...proves(
    'If value starts with a SPACE character, remove it from value.',
    stream('one space, not two', 'data:  x\n\n', [event(' x')]),
    stream('none where there is none', 'data:x\n\n', [event('x')]),
    stream('no tab', 'data:\tx\n\n', [event('\tx')]),
    stream('no no-break space', 'data:\u00a0x\n\n', [event('\u00a0x')]),
    stream('in type, id and retry too', 'event:  e\nid:  i\nretry: 7\nretry:  8\ndata: x\n\n', [event('x', ' i', ' e')], {
      retries: [7],
    }),
    stream('a value of one space is empty', 'data: \n\n', [event('')]),
    stream('a value of two spaces is one', 'data:  \n\n', [event(' ')]),
  ),
  ...proves(
    'Otherwise, the string is not empty but does not contain a COLON character (:): process the field using the whole ' +
      'line as the field name, and the empty string as the field value.',
    stream('data', 'data\n\n', [event('')]),
    stream('data twice', 'data\ndata\n\n', [event('\n')]),
    stream('event', 'event: e\nevent\ndata: x\n\n', [event('x')]),
    stream('id', 'id: 1\n\nid\ndata: x\n\n', [event('x', '')]),
    stream('retry', 'retry\ndata: x\n\n', [event('x')]),
    stream('another word', 'hello\ndata: x\n\n', [event('x')]),
    stream('the whole line is the name', 'data x\ndata: y\n\n', [event('y')]),
  ),
  ...proves(
    'Once the end of the file is reached, any pending data must be discarded.',
    stream('an event without its blank line', 'data: a\n\ndata: b\n', [event('a')]),
    stream('an event within its last line', 'data: a\n\ndata: b', [event('a')]),
    stream('an event within a field name', 'data: a\n\nda', [event('a')]),
    stream('an id without its blank line', 'id: 1\ndata: a\n\nid: 2\ndata: b\n', [event('a', '1')]),
    stream('an id alone without its blank line', 'id: 1\n', []),
    stream('a retry whose line has not ended', 'retry: 100', []),
    stream('a retry whose line has ended needs no blank line', 'retry: 100\n', [], { retries: [100] }),
    stream('nothing but a lead byte', wire([0xe2]), []),
  ),
]
