import { describe, expect, it } from 'vitest'
import type { RawEvent } from '../../src/protocol/event.js'
import { createParser } from '../../src/protocol/parser.js'
import { wire } from '../conformance/case.js'
import { heap } from '../heap.js'

/** What is alive after `make`, and what `make` keeps, in bytes of heap. */
function alive(make: () => unknown): number {
  const before = heap()
  const kept = make()
  const after = heap()
  // Used after the collection, so that it is alive in it.
  expect(kept).toBeDefined()
  return after - before
}

const MiB = 1024 * 1024
const CHUNK = 64 * 1024

/** 64 KiB of text with one block in it, away from where a chunk may be cut in pieces. */
function chunkAround(block: string, filler: string): Uint8Array {
  const before = filler.repeat(Math.floor(20_000 / filler.length))
  return wire(before + block + filler.repeat(Math.floor((CHUNK - before.length - block.length) / filler.length)))
}

describe('a short string that somebody keeps does not keep its chunk', () => {
  const count = 2_000
  const kinds: Record<string, { block: (index: number) => string; filler: string; pick: (event: RawEvent) => string }> = {
    'data among other events': { block: (i) => `data: kept ${i} of all that came by\n\n`, filler: 'data: skip\n\n', pick: ({ data }) => data },
    'data among comments': { block: (i) => `data: kept ${i} of all that came by\n\n`, filler: ': a comment\n', pick: ({ data }) => data },
    'data in two lines': { block: (i) => `data: kept ${i} of all\ndata: that came by\n\n`, filler: ': a comment\n', pick: ({ data }) => data },
    'data between CRs': { block: (i) => `data: kept ${i} of all that came by\r\r`, filler: ': a comment\r', pick: ({ data }) => data },
    'an id': { block: (i) => `id: urn:example:kept:${i}:of:all\ndata: x\n\n`, filler: 'data: skip\n\n', pick: (event) => event.lastEventId },
    'a type': { block: (i) => `event: com.example.kept.${i}.of.all\ndata: x\n\n`, filler: 'data: skip\n\n', pick: ({ type }) => type },
  }

  it.each(Object.entries(kinds))('%s: 2,000 of 2,000 chunks of 64 KiB', (_, { block, filler, pick }) => {
    const kept: string[] = []
    const used = alive(() => {
      const parser = createParser({
        onEvent(event) {
          if (event.data !== 'skip') kept.push(pick(event))
        },
      })
      for (let index = 0; index < count; index++) parser.feed(chunkAround(block(index), filler))
      return kept
    })
    expect(kept).toHaveLength(count)
    expect(new Set(kept.map((text) => text.length > 12 && text.length < 50))).toEqual(new Set([true]))
    // Pinned, they would take 125 MiB.
    expect(used).toBeLessThan(20 * MiB)
  })

  it('nor does one that follows a long line', () => {
    const long = `data: ${'x'.repeat(MiB)}\n\n`
    const kept: string[] = []
    const used = alive(() => {
      const parser = createParser({ onEvent: ({ type, data }) => void (type === 'note' && kept.push(data)) })
      for (let index = 0; index < 100; index++) {
        const bytes = wire(`${long}event: note\ndata: kept number ${index} of all\n\n${'data: skip\n\n'.repeat(5_400)}`)
        for (let at = 0; at < bytes.length; at += CHUNK) parser.feed(bytes.subarray(at, at + CHUNK))
      }
      return kept
    })
    expect(kept).toHaveLength(100)
    // Pinned by pieces that grew with the line, they took 6 MiB.
    expect(used).toBeLessThan(2 * MiB)
  })

  it('in chunks of the size of an event nothing is lost either', () => {
    const kept: string[] = []
    const used = alive(() => {
      const parser = createParser({ onEvent: ({ data }) => void kept.push(data) })
      for (let index = 0; index < 20_000; index++) parser.feed(wire(`data: kept ${index} of all that came by\n\n`))
      return kept
    })
    expect(kept).toHaveLength(20_000)
    expect(used).toBeLessThan(20_000 * 200)
  })
})

describe('what a parser holds is bounded', () => {
  const onEvent = (): void => undefined

  it('nothing but its buffer after whole events', () => {
    const parsers = Array.from({ length: 200 }, () => createParser({ onEvent }))
    const used = alive(() => {
      for (const parser of parsers) parser.feed(wire(`data: ${'x'.repeat(CHUNK)}\n\n`.repeat(3)))
      for (const parser of parsers) parser.feed(wire('data:x\n\n'.repeat(1024)))
      return parsers
    })
    expect(used).toBeLessThan(200 * 4 * 1024)
  })

  it.each([1, 7, 64, CHUNK])('about its length for a line without an end, in chunks of %i', (size) => {
    const length = size < 64 ? 2 * MiB : 8 * MiB
    const chunk = new Uint8Array(size).fill(0x78)
    const parser = createParser({ onEvent, maxEventSize: 16 * MiB })
    const used = alive(() => {
      parser.feed(wire('data: '))
      for (let fed = 0; fed < length; fed += size) parser.feed(chunk)
      return parser
    })
    expect(used).toBeLessThan(2.5 * length)
    parser.end()
  })

  it.each([
    ['comments', `: ${'c'.repeat(997)}\n`.repeat(8)],
    ['ids', 'id: 1\n'.repeat(1_000)],
  ])('a few times its data for an event whose lines stand among %s', (_, filler) => {
    const bytes = wire(`data: a short line of data\n${filler}`.repeat(8))
    const parser = createParser({ onEvent })
    const used = alive(() => {
      for (let fed = 0; fed < 40 * MiB; fed += bytes.length) parser.feed(bytes)
      return parser
    })
    expect(used).toBeLessThan(4 * MiB)
  })

  it.each([
    ['comments', ': x\n'],
    ['empty lines', '\n'],
    ['lone CRs', '\r'],
    ['unknown fields', 'x: y\n'],
    ['ids', 'id: 1\n'],
    ['types', 'event: x\n'],
    ['ids and blank lines', 'id: 1\n\n'],
  ])('nothing for a million lines of %s', (_, line) => {
    const bytes = wire(line.repeat(10_000))
    const parser = createParser({ onEvent })
    const used = alive(() => {
      for (let fed = 0; fed < 100; fed++) parser.feed(bytes)
      return parser
    })
    expect(used).toBeLessThan(MiB)
  })

  it('a node a line for a million empty data lines, and nothing once they are told', () => {
    const bytes = wire('data\n'.repeat(10_000))
    let length = 0
    const parser = createParser({ onEvent: ({ data }) => void (length = data.length) })
    const used = alive(() => {
      for (let fed = 0; fed < 100; fed++) parser.feed(bytes)
      return parser
    })
    expect(used).toBeLessThan(48 * MiB)
    const left = alive(() => {
      parser.feed(wire('\n'))
      return parser
    })
    expect(length).toBe(999_999)
    expect(left + used).toBeLessThan(3 * MiB)
  })

  it('nothing after end(), nor after what was too large', () => {
    const ended = createParser({ onEvent, maxEventSize: 8 * MiB })
    const failed = createParser({ onEvent, maxEventSize: 8 * MiB })
    const used = alive(() => {
      for (const parser of [ended, failed]) parser.feed(wire(`data: ${'x'.repeat(7 * MiB)}`))
      ended.end()
      expect(() => failed.feed(wire('x'.repeat(2 * MiB)))).toThrow('maxEventSize')
      for (const parser of [ended, failed]) for (let fed = 0; fed < 50; fed++) parser.feed(wire('x'.repeat(CHUNK)))
      return [ended, failed]
    })
    expect(used).toBeLessThan(MiB)
  })
})
