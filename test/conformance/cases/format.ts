import { event, proves, stream, wire } from '../case.js'

/** §9.2.5, the ABNF production by production, and its two sentences. */
export const formatCases = [
  ...proves(
    'stream = [ bom ] *event',
    stream('no byte at all', '', []),
    stream('a BOM and nothing else', wire([0xef, 0xbb, 0xbf]), []),
    stream('a BOM, then events', wire([0xef, 0xbb, 0xbf], 'data: a\n\ndata: b\n\n'), [event('a'), event('b')]),
    stream('events without a BOM', 'data: a\n\ndata: b\n\n', [event('a'), event('b')]),
  ),
  ...proves(
    'event = *( comment / field ) end-of-line',
    stream('an event of no line: one line end', '\n', []),
    stream('many line ends', '\n\r\r\n\n\n\r\r\n\r', []),
    stream('an event of one comment', ': only a comment\n\n', [], { comments: ['only a comment'] }),
    stream('comments and fields mixed', ':a\ndata: 1\n:b\nid: 7\n:c\ndata: 2\n\n', [event('1\n2', '7')], {
      comments: ['a', 'b', 'c'],
    }),
    stream('every field, in one order', 'event: e\nid: i\ndata: d\nretry: 5\n\n', [event('d', 'i', 'e')], { retries: [5] }),
    stream('every field, in the other', 'retry: 5\ndata: d\nid: i\nevent: e\n\n', [event('d', 'i', 'e')], { retries: [5] }),
  ),
  ...proves(
    'comment = colon *any-char end-of-line',
    stream('an empty comment', ':\n\ndata: x\n\n', [event('x')], { comments: [''] }),
    stream('a comment of colons', ':::\n\n', [], { comments: ['::'] }),
    stream('a comment that reads like a field', ':data: x\n:id: 1\n\n', [], { comments: ['data: x', 'id: 1'] }),
    stream('a comment with NUL, tab and non-ASCII text', ': \0\tπ🙂\n\n', [], { comments: ['\0\tπ🙂'] }),
  ),
  ...proves(
    'field = 1*name-char [ colon [ space ] *any-char ] end-of-line',
    stream('name alone', 'data\n\n', [event('')]),
    stream('name and colon', 'data:\n\n', [event('')]),
    stream('name, colon and space', 'data: \n\n', [event('')]),
    stream('name, colon and value', 'data:x\n\n', [event('x')]),
    stream('name, colon, space and value', 'data: x\n\n', [event('x')]),
    stream('a name of any characters but colon and line ends', '\0\t π🙂"=: x\ndata: y\n\n', [event('y')]),
  ),
  ...proves(
    'end-of-line = ( cr lf / cr / lf )',
    stream('LF', 'data: a\n\ndata: b\n\n', [event('a'), event('b')]),
    stream('CR', 'data: a\r\rdata: b\r\r', [event('a'), event('b')]),
    stream('CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [event('a'), event('b')]),
  ),
  ...proves(
    'name-char: a scalar value other than LF, CR or colon; any-char: other than LF or CR',
    stream('VT, FF, FS, NEL, LS and PS end no line', 'data: a\v\f\x1c\x85\u2028\u2029b\n\n', [event('a\v\f\x1c\x85\u2028\u2029b')]),
    stream('NUL in data is data', 'data: a\0b\n\n', [event('a\0b')]),
    stream('NUL in a type is type', 'event: a\0b\ndata: x\n\n', [event('x', '', 'a\0b')]),
    stream('colons in a value', 'data: a:b: c\n\n', [event('a:b: c')]),
    stream('the first and the last scalar values', 'data: \u0001\ud7ff\ue000\uffff\u{10000}\u{10ffff}\n\n', [
      event('\u0001\ud7ff\ue000\uffff\u{10000}\u{10ffff}'),
    ]),
    stream('DEL and a backspace', 'data: \x7f\b\n\n', [event('\x7f\b')]),
  ),
  ...proves(
    'Event streams in this format must always be encoded as UTF-8.',
    stream('one, two, three and four bytes a character', 'data: aé€🙂\n\n', [event('aé€🙂')]),
    stream('non-ASCII type and id', 'event: événement\nid: π-7\ndata: x\n\n', [event('x', 'π-7', 'événement')]),
    stream('bytes of Latin-1 are no UTF-8', wire('data: caf', [0xe9], '\n\n'), [event('caf\ufffd')]),
    stream('bytes of UTF-16 are no lines', wire([0xff, 0xfe], 'd\0a\0t\0a\0:\0x\0\n\0\n\0'), []),
  ),
  ...proves(
    'Lines must be separated by either a CRLF character pair, a single LF character, or a single CR character.',
    stream('all three in one stream', 'data: a\r\ndata: b\ndata: c\rid: 1\r\n\ndata: d\r\n\r', [
      event('a\nb\nc', '1'),
      event('d', '1'),
    ]),
    stream('all three in the blank lines', 'data: a\n\rdata: b\r\n\ndata: c\r\r\ndata: d\n\r\n', [
      event('a'),
      event('b'),
      event('c'),
      event('d'),
    ]),
  ),
]
