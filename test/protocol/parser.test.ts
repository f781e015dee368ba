import { describe, expect, it } from 'vitest'
import type { RawEvent } from '../../src/protocol/event.js'
import { createParser } from '../../src/protocol/parser.js'
import { event, wire } from '../conformance/case.js'
import { chunksOf, parse } from '../conformance/parse.js'

describe('as it is called', () => {
  it('reads a BOM, retry, an id and an event', () => {
    const { events, retries, lastEventId } = parse([wire('\ufeffretry: 5\nid: 1\nevent: e\ndata: x\n\n')])
    expect({ events, retries, lastEventId }).toEqual({ events: [event('x', '1', 'e')], retries: [5], lastEventId: '1' })
  })

  it('starts from the last event ID that it is given', () => {
    expect(parse([wire('data: a\n\nid\ndata: b\n\n')], { lastEventId: 'π-7' }).events).toEqual([event('a', 'π-7'), event('b')])
    expect(parse([], { lastEventId: 'π-7' }).lastEventId).toBe('π-7')
  })

  it('has moved its last event ID when the event is told', () => {
    const seen: string[] = []
    const parser = createParser({ onEvent: () => void seen.push(parser.lastEventId) })
    parser.feed(wire('id: 1\ndata: a\n\nid: 2\n\ndata: b\n\nid: 3\ndata: c\n'))
    expect(seen).toEqual(['1', '2'])
    parser.end()
    expect(parser.lastEventId).toBe('2')
  })

  it('works as functions taken from it', () => {
    const events: RawEvent[] = []
    const { feed, end } = createParser({ onEvent: (one) => void events.push(one) })
    feed(wire('data: a\n\n'))
    end()
    expect(events).toEqual([event('a')])
  })

  it('needs none of the handlers but onEvent', () => {
    const events: RawEvent[] = []
    createParser({ onEvent: (one) => void events.push(one) }).feed(wire(': c\nretry: 1\ndata: a\n\n'))
    expect(events).toEqual([event('a')])
  })

  it('reads any Uint8Array: of a larger buffer, of a Node Buffer, of another realm', async () => {
    const { runInNewContext } = await import('node:vm')
    const bytes = wire('data: a\n\n')
    const foreign: Uint8Array = runInNewContext('Uint8Array').from(bytes)
    expect(foreign).not.toBeInstanceOf(Uint8Array)
    expect(parse([wire('xxdata: a\n\nxx').subarray(2, 11), Buffer.from(bytes), foreign]).events).toEqual(Array(3).fill(event('a')))
  })

  it('keeps nothing of the bytes: the buffer can be used again', () => {
    const buffer = new Uint8Array(3)
    const chunks = function* (): Generator<Uint8Array> {
      for (const chunk of chunksOf(wire('id: é1\ndata: ab\n\ndata: cd\n\n'), 3)) {
        buffer.set(chunk)
        yield buffer.subarray(0, chunk.length)
      }
    }
    expect(parse(chunks()).events).toEqual([event('ab', 'é1'), event('cd', 'é1')])
  })

  it('keeps nothing of the bytes either when a handler throws: what it has not read of them, it has decoded', () => {
    const buffer = wire('data: a\n\nid: 7\nevent: e\ndata: b\n\nevent: f\ndata: c\n\n: end\n')
    const seen: RawEvent[] = []
    const parser = createParser({
      onEvent(one) {
        seen.push(one)
        throw new Error('mine')
      },
    })
    expect(() => parser.feed(buffer)).toThrow('mine')
    buffer.fill(0x3a)
    expect(() => parser.feed(buffer)).toThrow('mine')
    expect(() => parser.feed(buffer)).toThrow('mine')
    expect(seen).toEqual([event('a'), event('b', '7', 'e'), event('c', '7', 'f')])
  })

  it.each(['é', '€', '🙂'])('reads what follows a %s that was cut within a line too long to wait for', (character) => {
    const line = `data: ${'x'.repeat(3000)}`
    for (const other of ['é', '€', '🙂', 'ab']) {
      const bytes = wire(`${line}${character}\nid: 1\nevent: e\ndata: ${other}\n\ndata: next\n\n`)
      for (let cut = line.length; cut < line.length + 5; cut++) {
        expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)]).events).toEqual([
          event(`${line.slice(6)}${character}\n${other}`, '1', 'e'),
          event('next', '1'),
        ])
      }
    }
  })

  it('skips no comment that a broken character comes before', () => {
    const stream = [wire(`data: ${'x'.repeat(9000)}`), wire('x'.repeat(2000), '\n\n', [0xe2, 0x82]), wire(': c\ndata: a\n\ndata: b\n\n')]
    const whole = wire(...stream.map((bytes) => [...bytes]))
    expect(parse(stream, { onComment: undefined }).events).toEqual(parse([whole]).events)
    expect(parse([whole]).events.map(({ data }) => data.length)).toEqual([11_000, 1, 1])
  })

  it.each([
    ['a string', 'data: x\n\n'],
    ['nothing', undefined],
    ['null', null],
    ['an array', [100]],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['16-bit units', new Uint16Array(1)],
    ['signed bytes', new Int8Array(1)],
  ])('refuses %s, and goes on', (_, given) => {
    const events: RawEvent[] = []
    const parser = createParser({ onEvent: (one) => void events.push(one) })
    parser.feed(wire('data: '))
    const misuse = (): void => Reflect.apply(parser.feed, parser, [given])
    expect(misuse).toThrow(TypeError)
    expect(misuse).toThrow('Uint8Array')
    expect(misuse).toThrow('TextEncoder')
    parser.feed(wire('x\n\n'))
    expect(events).toEqual([event('x')])
  })

  it('refuses options that can only be a mistake', () => {
    const create = (options: unknown) => () => Reflect.apply(createParser, null, [options])
    expect(create({})).toThrow(TypeError)
    expect(create({})).toThrow('onEvent')
    for (const maxEventSize of [Number.NaN, -1]) {
      expect(create({ onEvent() {}, maxEventSize })).toThrow(TypeError)
    }
  })

  it('gives a reconnection time that arithmetic can bear, whatever its length', () => {
    expect(parse([wire(`retry: ${'9'.repeat(400)}\n`)]).retries).toEqual([Number.MAX_SAFE_INTEGER])
  })
})

describe('when it tells', () => {
  /** What each byte on its own makes it say. */
  const said = (stream: string): string[] => {
    const log: string[] = []
    const parser = createParser({
      onEvent: ({ data }) => void log.push(`event ${data}`),
      onRetry: (ms) => void log.push(`retry ${ms}`),
      onComment: (comment) => void log.push(`comment ${comment}`),
    })
    return [...wire(stream)].map((byte) => {
      log.length = 0
      parser.feed(Uint8Array.of(byte))
      return log.join()
    })
  }
  const at = (stream: string): Record<number, string> =>
    Object.fromEntries(said(stream).flatMap((text, index) => (text ? [[index, text]] : [])))

  it('tells an event with the first byte that ends its blank line, a CR too', () => {
    expect(at('data: a\n\n')).toEqual({ 8: 'event a' })
    expect(at('data: a\r\n\r\n')).toEqual({ 9: 'event a' })
    expect(at('data: a\r\r')).toEqual({ 8: 'event a' })
  })

  it('tells a retry and a comment with the byte that ends their line', () => {
    expect(at('retry: 7\ndata: a\n')).toEqual({ 8: 'retry 7' })
    expect(at(': c\r\ndata: a\n')).toEqual({ 3: 'comment c' })
  })
})
