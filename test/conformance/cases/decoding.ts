import { event, proves, stream, wire } from '../case.js'

const BOM = [0xef, 0xbb, 0xbf]

/** §9.2.6, how bytes become text. */
export const decodingCases = [
  ...proves(
    'Streams must be decoded using the UTF-8 decode algorithm.',
    stream('a stray continuation byte', wire('data: a', [0x80], 'b\n\n'), [event('a\ufffdb')]),
    stream('bytes that UTF-8 never has', wire('data: ', [0xc0, 0xc1, 0xf5, 0xfe, 0xff], '\n\n'), [event('\ufffd'.repeat(5))]),
    stream('an overlong slash', wire('data: ', [0xc0, 0xaf], '\n\n'), [event('\ufffd\ufffd')]),
    stream('an overlong of three bytes', wire('data: ', [0xe0, 0x80, 0xaf], '\n\n'), [event('\ufffd\ufffd\ufffd')]),
    stream('a surrogate half', wire('data: ', [0xed, 0xa0, 0x80], '\n\n'), [event('\ufffd\ufffd\ufffd')]),
    stream('past U+10FFFF', wire('data: ', [0xf4, 0x90, 0x80, 0x80], '\n\n'), [event('\ufffd\ufffd\ufffd\ufffd')]),
    stream('two of three bytes, then ASCII', wire('data: ', [0xe2, 0x82], 'x\n\n'), [event('\ufffdx')]),
    stream('three of four bytes, then ASCII', wire('data: ', [0xf0, 0x9f, 0x99], 'x\n\n'), [event('\ufffdx')]),
    stream('a lead byte, then another character', wire('data: ', [0xe2], 'é\n\n'), [event('\ufffdé')]),
    stream('a sequence cut by a line end: the line still ends', wire('data: ', [0xe2, 0x82], '\n\n'), [event('\ufffd')]),
    stream('a sequence cut by a CR', wire('data: ', [0xf0, 0x9f], '\r\r'), [event('\ufffd')]),
    stream('an invalid byte in a field name', wire('da', [0xff], 'ta: x\ndata: y\n\n'), [event('y')]),
    stream('invalid bytes in type and id', wire('event: ', [0xff], '\nid: ', [0xfe], '\ndata: x\n\n'), [
      event('x', '\ufffd', '\ufffd'),
    ]),
    stream('an invalid byte in a comment', wire(': ', [0xff], '\n\n'), [], { comments: ['\ufffd'] }),
    stream('a sequence that the end of the stream cuts', wire('data: a\n\ndata: ', [0xe2, 0x82]), [event('a')]),
    stream('a sequence cut after many bytes', wire(`data: ${'.'.repeat(90)}`, [0xe2, 0x82], 'x\n\n'), [
      event(`${'.'.repeat(90)}\ufffdx`),
    ]),
    stream('U+FFFD itself', 'data: \ufffd\n\n', [event('\ufffd')]),
    stream('noncharacters and private use', 'data: \ufffe\ufdd0\ue000\n\n', [event('\ufffe\ufdd0\ue000')]),
  ),
  ...proves(
    'The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any.',
    stream('one BOM', wire(BOM, 'data: x\n\n'), [event('x')]),
    stream('of two BOMs the second is text', wire(BOM, BOM, 'data: x\ndata: y\n\n'), [event('y')]),
    stream('a BOM before a comment', wire(BOM, ': c\n\n'), [], { comments: ['c'] }),
    stream('a BOM before a blank line', wire(BOM, '\ndata: x\n\n'), [event('x')]),
    stream('a BOM before CRLF', wire(BOM, '\r\ndata: x\r\n\r\n'), [event('x')]),
    stream('a BOM at the start of a later line is text', 'data: x\n\ufeffdata: y\n\n', [event('x')]),
    stream('a BOM at the start of a later event is text', 'data: x\n\n\ufeffdata: y\n\n', [event('x')]),
    stream('a BOM within data stays', 'data: \ufeffx\ufeff\n\n', [event('\ufeffx\ufeff')]),
    stream('a BOM at the start of every line', '\ufeffdata: a\n\n\ufeff\n\ndata: b\n\n', [event('a'), event('b')]),
    stream('two of the three bytes are no BOM', wire([0xef, 0xbb], 'data: x\ndata: y\n\n'), [event('y')]),
    stream('another character with the same lead bytes', wire([0xef, 0xbb, 0xbe], ': x\ndata: y\n\n'), [event('y')]),
    stream('a BOM of UTF-16 is none', wire([0xfe, 0xff], 'data: x\ndata: y\n\n'), [event('y')]),
  ),
]
