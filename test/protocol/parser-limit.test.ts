import { describe, expect, it } from 'vitest'
import { SSEError } from '../../src/protocol/errors.js'
import { createParser } from '../../src/protocol/parser.js'
import { event, wire } from '../conformance/case.js'
import { chunksOf, parse } from '../conformance/parse.js'

const limit = 100
const fits = 'x'.repeat(limit)
const sizes = [1, 2, 3, 7, 50, 63, 64, 65, 100, 1000, 1_000_000]

/** Runs a check on the whole stream and on chunks of every size. */
function everyChunking(stream: string, check: (chunks: Iterable<Uint8Array>) => void): void {
  for (const size of sizes) check(chunksOf(wire(stream), size))
}

const x = (count: number): string => 'x'.repeat(count)

describe.each([
  ['data', `data: ${x(100)}`, `data: ${x(101)}`],
  ['data without the space', `data:${x(100)}`, `data:${x(101)}`],
  ['data of many lines', `${'data: xxx\n'.repeat(24)}data: xxxx`, `${'data: xxx\n'.repeat(24)}data: xxxxx`],
  ['data of empty lines', `${'data\n'.repeat(100)}data`, `${'data\n'.repeat(101)}data`],
  ['data with CRLF', `data: ${x(50)}\r\ndata: ${x(49)}\r`, `data: ${x(50)}\r\ndata: ${x(50)}\r`],
  ['data and id', `id: ${x(60)}\ndata: ${x(40)}`, `id: ${x(60)}\ndata: ${x(41)}`],
  ['data, then id', `data: ${x(40)}\nid: ${x(60)}`, `data: ${x(40)}\nid: ${x(61)}`],
  ['data and type', `event: ${x(60)}\ndata: ${x(40)}`, `event: ${x(60)}\ndata: ${x(41)}`],
  ['data, type and id', `event: ${x(30)}\nid: ${x(30)}\ndata: ${x(40)}`, `event: ${x(30)}\nid: ${x(31)}\ndata: ${x(40)}`],
  ['data and type around each other', `data: ${x(9)}\nevent: ${x(80)}\ndata: ${x(10)}`, `data: ${x(9)}\nevent: ${x(80)}\ndata: ${x(11)}`],
  ['empty data and a type', `event: ${x(100)}\ndata`, `event: ${x(101)}\ndata`],
  ['a type that takes the place of another', `event: ${x(100)}\nevent: e\ndata: ${x(99)}`, `event: ${x(100)}\nevent: e\ndata: ${x(100)}`],
  ['characters of two units', `data: ${'🙂'.repeat(50)}`, `data: ${'🙂'.repeat(50)}x`],
  ['characters of three bytes', `data: ${'€'.repeat(100)}`, `data: ${'€'.repeat(101)}`],
])('%s', (_, fitting, larger) => {
  it('fits exactly, in any chunks', () => {
    everyChunking(`${fitting}\n\ndata: next\n\n`, (chunks) => {
      const { events, tooLarge } = parse(chunks, { maxEventSize: limit })
      expect(tooLarge).toBe(false)
      expect(events).toHaveLength(2)
    })
  })

  it('is too large with one unit more, in any chunks: what came before has been told, nothing after', () => {
    everyChunking(`data: before\nid: 1\n\n${larger}\n\ndata: next\n\n`, (chunks) => {
      const { events, tooLarge, lastEventId } = parse(chunks, { maxEventSize: limit })
      expect({ events, tooLarge, lastEventId }).toEqual({ events: [event('before', '1')], tooLarge: true, lastEventId: '1' })
    })
  })
})

describe('what is no event', () => {
  it('an id counts in its own block, not in those that it sticks to', () => {
    everyChunking(`id: ${fits}\n\ndata: ${fits}\n\n`, (chunks) => {
      expect(parse(chunks, { maxEventSize: limit })).toMatchObject({ events: [event(fits, fits)], tooLarge: false })
    })
    expect(parse([wire(`data: ${fits}\n\n`)], { maxEventSize: limit, lastEventId: fits.repeat(2) }).tooLarge).toBe(false)
  })

  it.each(['id: ', 'event: '])('%s alone has the limit too', (name) => {
    everyChunking(`${name}${fits}\n\n`, (chunks) => expect(parse(chunks, { maxEventSize: limit }).tooLarge).toBe(false))
    everyChunking(`${name}${fits}x\n\n`, (chunks) => expect(parse(chunks, { maxEventSize: limit }).tooLarge).toBe(true))
  })

  it.each([
    ['a comment', ':'],
    ['an unknown field', 'x: '],
    ['a line without a colon', 'x'],
    ['a retry', 'retry: '],
    ['an id that is ignored', 'id: \0'],
    ['data', 'data: '],
  ])('%s: the line may be 7 longer than the limit, ended or not', (name, prefix) => {
    const longest = prefix.padEnd(limit + 7, '1')
    const fitting = name === 'data' ? longest.slice(0, limit + prefix.length) : longest
    everyChunking(`data: a\n\n${fitting}\n\ndata: b\n\n`, (chunks) =>
      expect(parse(chunks, { maxEventSize: limit }).tooLarge).toBe(false),
    )
    for (const end of ['\n', '\r', '']) {
      everyChunking(`data: a\n\n${longest}1${end}`, (chunks) => {
        const { events, comments, retries, tooLarge } = parse(chunks, { maxEventSize: limit })
        expect({ events, comments, retries, tooLarge }).toEqual({ events: [event('a')], comments: [], retries: [], tooLarge: true })
      })
    }
  })
})

describe('the moment', () => {
  it('a line without an end is too large with the byte that makes it so', () => {
    const parser = createParser({ onEvent() {}, maxEventSize: limit })
    const line = wire(': '.padEnd(limit + 7, 'é'))
    for (const byte of line) parser.feed(Uint8Array.of(byte))
    expect(() => parser.feed(wire('x'))).toThrow(SSEError)
  })

  it('a line whose bytes waited is too large with the feed that makes it so', () => {
    const parser = createParser({ onEvent() {}, maxEventSize: 2_000 })
    parser.feed(wire(`data: ${x(994)}`))
    parser.feed(wire(x(1_000)))
    expect(() => parser.feed(wire(x(100)))).toThrow(SSEError)
  })

  it('an event of many lines is too large with the line that makes it so, not with its blank line', () => {
    const parser = createParser({ onEvent() {}, maxEventSize: limit })
    parser.feed(wire('data\n'.repeat(limit + 1)))
    expect(() => parser.feed(wire('data\n'))).toThrow(SSEError)
  })
})

describe('a handler that feeds', () => {
  it.each([1, 20, 40, 63, 64])('is told at once that what it feeds is too large, %i bytes at a time', (size) => {
    const parser = createParser({
      maxEventSize: limit,
      onEvent() {
        for (let fed = 0; fed < 48; fed += size) parser.feed(wire('x'.repeat(Math.min(size, 48 - fed))))
      },
    })
    expect(() => parser.feed(wire(`data: a\n\n:${'x'.repeat(limit + 7 - 48)}`))).toThrow(SSEError)
  })
})

describe('the error', () => {
  const overflow = (): { parser: ReturnType<typeof createParser>; events: string[]; error: unknown } => {
    const events: string[] = []
    const parser = createParser({ onEvent: ({ data }) => void events.push(data), maxEventSize: limit })
    try {
      parser.feed(wire(`id: 1\ndata: a\n\ndata: ${fits}x\n\nid: 2\ndata: b\n\n`))
    } catch (error) {
      return { parser, events, error }
    }
    throw new Error('nothing was thrown')
  }

  it('names the option, the limit and the fix, and is not retryable', () => {
    const { error } = overflow()
    expect(error).toBeInstanceOf(SSEError)
    expect(error).toMatchObject({ code: 'too-large', retryable: false })
    expect(String(error)).toMatch(/maxEventSize/)
    expect(String(error)).toMatch(/100/)
    expect(String(error)).toMatch(/raise/i)
  })

  it('ends the parser: what follows is not read, and the last event ID is that of the last whole event', () => {
    const { parser, events } = overflow()
    parser.feed(wire('\n\ndata: c\n\n'))
    expect(events).toEqual(['a'])
    expect(parser.lastEventId).toBe('1')
  })
})

describe('the number', () => {
  it('is 4 MiB by default', () => {
    const data = 'x'.repeat(4 * 1024 * 1024)
    expect(parse([wire(`data: ${data}\n\n`)]).events[0]?.data.length).toBe(data.length)
    expect(parse([wire(`data: ${data}x\n\n`)]).tooLarge).toBe(true)
    expect(parse(chunksOf(wire(`data: ${data}x`), 65_536)).tooLarge).toBe(false)
    expect(parse(chunksOf(wire(`data: ${data}xxx`), 65_536)).tooLarge).toBe(true)
  })

  it('may be 0: only empty events fit', () => {
    expect(parse([wire('data\n\ndata: x\n\n')], { maxEventSize: 0 })).toMatchObject({ events: [event('')], tooLarge: true })
  })

  it('may be Infinity', () => {
    const data = 'x'.repeat(5 * 1024 * 1024)
    expect(parse(chunksOf(wire(`data: ${data}\n\n`), 65_536), { maxEventSize: Infinity }).events[0]?.data.length).toBe(data.length)
  })
})
