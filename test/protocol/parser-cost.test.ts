import { describe, expect, it, vi } from 'vitest'
import { createParser } from '../../src/protocol/parser.js'
import { wire } from '../conformance/case.js'
import { chunksOf } from '../conformance/parse.js'

/** What strings, arrays and decoders were asked to do: counted, for a clock would measure the machine. */
class Cost {
  /** Calls of a `TextDecoder`, and the bytes given to it. */
  decodes = 0
  bytes = 0
  /** Characters searched, compared, copied or cut out. */
  characters = 0
  calls = 0

  count(characters: number): void {
    this.characters += characters
    this.calls++
  }
}

type Method = (this: unknown, ...given: unknown[]) => unknown

/** Runs `work` while everything that a parser asks of the engine's strings is counted. */
function costOf(work: () => void): Cost {
  const cost = new Cost()
  const restore: (() => void)[] = []
  const patch = (prototype: object, name: string, count: (self: unknown, given: unknown[], result: unknown) => void): void => {
    const original: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(prototype, name)
    const method: Method = original?.value
    restore.push(() => void Object.defineProperty(prototype, name, original ?? {}))
    const counted: Method = function (...given) {
      const result = Reflect.apply(method, this, given)
      count(this, given, result)
      return result
    }
    Object.defineProperty(prototype, name, { ...original, value: counted })
  }
  const lengthOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0)

  patch(TextDecoder.prototype, 'decode', (_, [input], text) => {
    cost.decodes++
    cost.bytes += input instanceof Uint8Array ? input.length : 0
    cost.count(lengthOf(text))
  })
  patch(String.prototype, 'indexOf', (self, [, from = 0], index) =>
    cost.count((Number(index) < 0 ? lengthOf(self) : Number(index)) - Number(from) + 1),
  )
  for (const name of ['startsWith', 'charCodeAt']) patch(String.prototype, name, () => cost.count(1))
  patch(String.prototype, 'includes', (self) => cost.count(lengthOf(self)))
  patch(String.prototype, 'slice', (_, __, text) => cost.count(lengthOf(text)))
  patch(Array.prototype, 'join', (_, __, text) => cost.count(lengthOf(text)))
  try {
    work()
  } finally {
    for (const undo of restore) undo()
  }
  return cost
}

function costOfParsing(bytes: Uint8Array, chunkSize: number): Cost {
  const parser = createParser({ onEvent() {}, onRetry() {}, onComment() {}, maxEventSize: Infinity })
  return costOf(() => {
    for (const chunk of chunksOf(bytes, chunkSize)) parser.feed(chunk)
    parser.end()
  })
}

const kinds: Record<string, (size: number) => string> = {
  'one line': (size) => `data: ${'x'.repeat(size)}\n\n`,
  'one line of colons': (size) => ':'.repeat(size),
  'one comment': (size) => `:${' '.repeat(size)}`,
  'one line without a colon': (size) => 'x'.repeat(size),
  'one id': (size) => `id: ${'1'.repeat(size)}\n\n`,
  'one retry': (size) => `retry: ${'1'.repeat(size)}\n\n`,
  'empty lines': (size) => '\n'.repeat(size),
  'lone CRs': (size) => '\r'.repeat(size),
  CRLFs: (size) => '\r\n'.repeat(size / 2),
  'LFs, a CR at the end': (size) => `${'\n'.repeat(size)}\r`,
  'one CR, then LFs': (size) => `\r${'\n'.repeat(size)}`,
  'data lines without a value': (size) => 'data\n'.repeat(size / 5),
  'data lines': (size) => 'data: x\n'.repeat(size / 8),
  'data lines with CR': (size) => 'data: x\r'.repeat(size / 8),
  'small events': (size) => 'data:x\n\n'.repeat(size / 8),
  'ids without data': (size) => 'id: 1234\n\n'.repeat(size / 10),
  'types without data': (size) => 'event: x\n\n'.repeat(size / 10),
  comments: (size) => ':\n'.repeat(size / 2),
  'characters of four bytes': (size) => `data: ${'🙂'.repeat(size / 4)}\n\n`,
}

describe.each(Object.entries(kinds))('%s', (_, make) => {
  it.each([1, 3, 63, 64, 1000, 65_536, 10_000_000])('in chunks of %i: no byte is decoded twice, the rest is in proportion', (chunkSize) => {
    const sizes = chunkSize < 64 ? [10_000, 40_000] : [100_000, 400_000]
    const [small, large] = sizes.map((size) => {
      const bytes = wire(make(size))
      return { length: bytes.length, cost: costOfParsing(bytes, chunkSize) }
    })
    if (!small || !large) throw new Error('nothing was measured')
    expect(large.cost.characters).toBeGreaterThan(0)
    expect(large.cost.bytes).toBeLessThanOrEqual(large.length)
    expect(large.cost.characters).toBeLessThan(12 * large.length)
    expect(large.cost.characters).toBeLessThan(4.4 * small.cost.characters)
    expect(large.cost.calls).toBeLessThan(4.4 * small.cost.calls + 1000)
  })
})

it('a handler that throws on every event searches no character twice', () => {
  const bytes = wire(`\r${'data:x\n\n'.repeat(10_000)}`)
  let thrown = 0
  const parser = createParser({
    onEvent() {
      thrown++
      throw new Error('mine')
    },
  })
  const cost = costOf(() => {
    for (let chunk = bytes; thrown < 10_000; chunk = new Uint8Array()) {
      try {
        parser.feed(chunk)
      } catch {
        // It is counted above.
      }
    }
  })
  expect(thrown).toBe(10_000)
  expect(cost.characters).toBeLessThan(5 * bytes.length)
})

it('a handler that feeds much has it read in proportion', () => {
  // Moving what waits for each that was taken would be 80 million moves here.
  const one = wire('data: xy\n\n')
  let events = 0
  const parser = createParser({
    onEvent() {
      if (!events++) for (let fed = 0; fed < 40_000; fed++) parser.feed(one)
    },
  })
  const shifts = vi.spyOn(Array.prototype, 'shift')
  const splices = vi.spyOn(Array.prototype, 'splice')
  parser.feed(one)
  expect([events, shifts.mock.calls.length, splices.mock.calls.length]).toEqual([40_001, 0, 0])
  vi.restoreAllMocks()
})

describe('the calls of a decoder', () => {
  it('one a chunk for tokens that come one by one', () => {
    const parser = createParser({ onEvent() {} })
    const chunk = wire('data: {"token":"and so on"}\n\n')
    const { decodes } = costOf(() => {
      for (let fed = 0; fed < 1000; fed++) parser.feed(chunk)
    })
    expect(decodes).toBe(1000)
  })

  it('one a thousand bytes for a line that comes byte by byte', () => {
    const { decodes } = costOfParsing(wire(`data: ${'x'.repeat(100_000)}\n\n`), 1)
    expect(decodes).toBeLessThan(120)
  })

  it('one a piece of 8 KiB for a large chunk', () => {
    const { decodes } = costOfParsing(wire('data: x\n\n'.repeat(100_000)), 10_000_000)
    expect(decodes).toBeLessThan(120)
  })
})
