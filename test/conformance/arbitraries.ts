import type { Arbitrary } from 'fast-check'
import { array, constantFrom, double, nat, oneof, tuple } from 'fast-check'
import { wire } from './case.js'
import { cutAt } from './parse.js'

/** Pieces that streams are made of, the rarer ones less often. */
const pieces: readonly { weight: number; values: readonly (string | readonly number[])[] }[] = [
  { weight: 10, values: ['\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n'] },
  { weight: 10, values: ['data', 'event', 'id', 'retry', 'data:', 'event:', 'id:', 'retry:', 'data: ', 'event: ', 'id: ', 'retry: '] },
  { weight: 12, values: ['data: x\n', 'data\n\n', 'data: 1\r\n\r\n', 'data:y\r\r', 'id: 7\n', 'event: e\n', 'retry: 9\r\n', ': c\n', 'id\n\n'] },
  { weight: 4, values: [':', ' ', '  ', ': ', '::', '\t'] },
  { weight: 4, values: ['a', 'b', '0', '1', '9', '42', 'x'.repeat(13), 'word '.repeat(20)] },
  { weight: 2, values: ['d', 'da', 'dat', 'Data', 'DATA:', 'dataa:', 'even', 'events:', 'i', 'ID:', 'ids', 'retr', 'ret', 'foo: bar'] },
  { weight: 3, values: ['é', 'π', '€', '日本', '🙂', '\u2028', '\x85'] },
  { weight: 1, values: ['\0', '\ufeff', '\ufffd', '-', '.', '+1', '٣'] },
]

/** Bytes that are no UTF-8, or the half of a character. */
const broken: readonly (readonly number[])[] = [
  [0x80], [0xbf], [0xc0], [0xc3], [0xe2], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xef], [0xef, 0xbb], [0xf0, 0x9f], [0xf0, 0x9f, 0x99], [0xff],
]

interface Alphabet {
  /** Whether bytes that are no UTF-8 may come. */
  readonly invalid: boolean
}

/** A stream of up to `most` pieces. */
export function streams({ invalid }: Alphabet, most = 40): Arbitrary<Uint8Array> {
  const piece = oneof(
    ...pieces.map(({ weight, values }) => ({ weight, arbitrary: constantFrom(...values) })),
    { weight: invalid ? 2 : 0, arbitrary: constantFrom(...broken) },
  )
  return tuple(constantFrom('', '', '', '\ufeff'), array(piece, { maxLength: most, size: 'max' }), constantFrom('', '\n\n')).map(
    ([bom, middle, end]) => wire(bom, ...middle, end),
  )
}

/** A stream behind a comment that leaves its start just before a place, or across it. */
export function across(place: number, bytes: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  return tuple(bytes, nat({ max: 60 })).map(([rest, before]) => {
    const comment = new Uint8Array(place - before).fill(0x2d)
    comment[0] = 0x3a
    comment[place - before - 1] = 0x0a
    return Uint8Array.from([...comment, ...rest])
  })
}

/** A stream and the chunks that it comes in: of one size, cut at a few places (empty ones among them), or whole. */
export function chunked(bytes: Arbitrary<Uint8Array>): Arbitrary<{ bytes: Uint8Array; chunks: Uint8Array[] }> {
  const cuts = oneof(
    array(double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
    nat({ max: 9 }),
  )
  return tuple(bytes, cuts).map(([whole, cut]) => ({ bytes: whole, chunks: [...cutAt(whole, places(whole.length, cut))] }))
}

function places(length: number, cut: readonly number[] | number): number[] {
  if (typeof cut === 'number') return cut ? Array.from({ length: Math.floor(length / cut) }, (_, index) => index * cut) : []
  return cut.map((part) => Math.floor(part * length)).sort((a, b) => a - b)
}
