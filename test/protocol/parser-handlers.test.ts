import { describe, expect, it } from 'vitest'
import type { Parser } from '../../src/protocol/parser-interface.js'
import { createParser } from '../../src/protocol/parser.js'
import { wire } from '../conformance/case.js'
import { chunksOf } from '../conformance/parse.js'

const stream = [
  ': hello\nretry: 1\nid: 1\ndata: a\n\n',
  'retry: 2\r\n: two\r\nid: 2\r\ndata: b\r\ndata: b\r\n\r\n',
  'data: c\r\rid: 3\r\r: three\rdata: é\r\r',
  `data: ${'long '.repeat(40)}\n\nevent: e\ndata: last\n\n`,
].join('')
const everything = [
  'comment hello', 'retry 1', 'event a', 'retry 2', 'comment two', 'event b\nb', 'event c', 'comment three', 'event é',
  `event ${'long '.repeat(40)}`, 'event last',
]

/** A parser that notes what it says and then lets `interfere` do what it likes. */
function noting(interfere: (said: string, parser: Parser) => void): { parser: Parser; log: string[] } {
  const log: string[] = []
  const note = (said: string): void => {
    log.push(said)
    interfere(said, parser)
  }
  const parser = createParser({
    onEvent: ({ data }) => note(`event ${data}`),
    onRetry: (ms) => note(`retry ${ms}`),
    onComment: (comment) => note(`comment ${comment}`),
  })
  return { parser, log }
}

/** What a call throws, if it does. */
function thrownBy(call: () => void): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

const sizes = [1, 2, 3, 7, 64, 100, 10_000]

it('says everything when nobody interferes', () => {
  const { parser, log } = noting(() => {})
  parser.feed(wire(stream))
  expect(log).toEqual(everything)
  expect(parser.lastEventId).toBe('3')
})

describe.each(everything)('a handler that throws on "%s"', (culprit) => {
  it.each(sizes)('in chunks of %i: rethrown at once, nothing lost, nothing twice', (size) => {
    const failure = new Error('mine')
    const { parser, log } = noting((said) => {
      if (said === culprit) throw failure
    })
    const thrown: unknown[] = []
    for (const chunk of chunksOf(wire(stream), size)) {
      const error = thrownBy(() => parser.feed(chunk))
      if (error) thrown.push(error, log.at(-1))
    }
    parser.feed(new Uint8Array())
    expect(log).toEqual(everything)
    expect(thrown).toEqual([failure, culprit])
    expect(parser.lastEventId).toBe('3')
  })
})

it.each(sizes)('a handler that always throws, in chunks of %i: every feed goes on where the last one stopped', (size) => {
  const { parser, log } = noting((said) => {
    throw new Error(said)
  })
  const step = (chunk: Uint8Array): void => {
    const before = log.length
    const error = thrownBy(() => parser.feed(chunk))
    expect(log.slice(before)).toEqual(error instanceof Error ? [error.message] : [])
  }
  for (const chunk of chunksOf(wire(stream), size)) step(chunk)
  for (let more = 0; more < everything.length; more++) step(new Uint8Array())
  expect(log).toEqual(everything)
})

it('what was kept after a throw is dropped by end()', () => {
  const { parser, log } = noting((said) => {
    if (said === 'event a') throw new Error(said)
  })
  expect(() => parser.feed(wire(stream))).toThrow('event a')
  parser.end()
  parser.feed(wire('data: x\n\n'))
  expect(log).toEqual(everything.slice(0, 3))
  expect(parser.lastEventId).toBe('1')
})

describe.each(everything)('a handler that ends the parser on "%s"', (last) => {
  it.each(sizes)('in chunks of %i: nothing of the rest is told, in this chunk or later', (size) => {
    const { parser, log } = noting((said) => {
      if (said === last) parser.end()
    })
    for (const chunk of chunksOf(wire(stream), size)) parser.feed(chunk)
    parser.feed(wire('data: more\n\n'))
    expect(log).toEqual(everything.slice(0, everything.indexOf(last) + 1))
  })
})

it('a handler that ends the parser and throws: both hold', () => {
  const { parser, log } = noting((said) => {
    parser.end()
    throw new Error(said)
  })
  expect(() => parser.feed(wire(stream))).toThrow('comment hello')
  parser.feed(wire(stream))
  expect(log).toEqual(['comment hello'])
})

describe('a handler that feeds', () => {
  it.each(sizes)('in chunks of %i: its bytes come after those being read', (size) => {
    const more = wire(': more\ndata: more é\n\n')
    const { parser, log } = noting((said) => {
      if (said === 'event a') for (const chunk of chunksOf(more, size)) parser.feed(chunk)
    })
    parser.feed(wire(stream))
    expect(log).toEqual([...everything, 'comment more', 'event more é'])
  })

  it('over and over: it is a queue, not a call within a call', () => {
    let rounds = 0
    let depth = 0
    const parser = createParser({
      onEvent() {
        expect(++depth).toBe(1)
        if (++rounds < 20_000) parser.feed(wire('data: x\n\n'))
        depth--
      },
    })
    parser.feed(wire('data: x\n\n'))
    expect(rounds).toBe(20_000)
  })

  it('and then throws: both what was left and what it fed come with the next feed, in order', () => {
    const { parser, log } = noting((said) => {
      if (said !== 'event a') return
      parser.feed(wire('data: fed'))
      parser.feed(wire(' by it\n\n'))
      throw new Error(said)
    })
    expect(() => parser.feed(wire(stream))).toThrow('event a')
    expect(log).toEqual(everything.slice(0, 3))
    parser.feed(wire('data: next\n\n'))
    expect(log).toEqual([...everything, 'event fed by it', 'event next'])
  })

  it('and then ends: nothing of it is told', () => {
    const { parser, log } = noting(() => {
      parser.feed(wire('data: fed\n\n'))
      parser.end()
    })
    parser.feed(wire(stream))
    expect(log).toEqual(['comment hello'])
  })

  it('half a character or half a CRLF: what follows completes it', () => {
    const { parser, log } = noting((said) => {
      if (said === 'event a') parser.feed(wire('data: x', [0xe2, 0x82]))
      if (said === 'event x€') parser.feed(wire('data: y\r'))
    })
    parser.feed(wire('data: a\n\n'))
    parser.feed(wire([0xac], '\r\n\r'))
    parser.feed(wire('\n\r\n'))
    expect(log).toEqual(['event a', 'event x€', 'event y'])
  })
})

it('what a handler feeds may change once that feed has returned', () => {
  const seen: string[] = []
  const buffer = wire('id: 7\ndata: b\n\n')
  const parser = createParser({
    onEvent({ data, lastEventId }) {
      seen.push(`${data} ${lastEventId}`)
      if (seen.length > 1) return
      parser.feed(buffer)
      buffer.fill(0x3a)
    },
  })
  parser.feed(wire('data: a\n\n'))
  expect(seen).toEqual(['a ', 'b 7'])
})
