import type { RawEvent } from 'eventwire/core'
import type { WireEvent } from 'eventwire/server'
import { createParser, defineSSE, json, text } from 'eventwire/core'
import { encodeEvent } from 'eventwire/server'
import { anything, assert, constantFrom, jsonValue, oneof, option, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

interface Heard {
  readonly events: readonly RawEvent[]
  readonly retries: readonly number[]
  readonly comments: readonly string[]
  readonly lastEventId: string
}

/** What a client hears of a text, and of nothing but it: an event that follows tells what leaked into it. */
function hear(wire: string): Heard {
  const heard = { events: new Array<RawEvent>(), retries: new Array<number>(), comments: new Array<string>() }
  const parser = createParser({
    onEvent: (event) => heard.events.push(event),
    onRetry: (ms) => heard.retries.push(ms),
    onComment: (comment) => heard.comments.push(comment),
  })
  parser.feed(new TextEncoder().encode(`${wire}data: after\n\n`))
  expect(heard.events.pop()).toEqual({ type: 'message', data: 'after', lastEventId: parser.lastEventId })
  return { ...heard, lastEventId: parser.lastEventId }
}

const FORGED = 'event: forged\ndata: forged\nid: forged\nretry: 1\n\n'
const breaks = { LF: '\n', CR: '\r', CRLF: '\r\n', 'two of them': '\n\n', 'LF CR': '\n\r' }
const harmless = { 'U+2028': '\u2028', 'U+2029': '\u2029', 'U+0085': '\u0085', 'form feed': '\f', 'vertical tab': '\v', 'U+FEFF': '\uFEFF' }

describe.each(Object.entries(breaks))('%s', (_, end) => {
  const forging = `a${end}${FORGED}`

  it('in data is a line break and forges nothing', () => {
    expect(hear(encodeEvent({ data: forging, id: '1' }))).toEqual({
      events: [{ type: 'message', data: forging.replaceAll(/\r\n|\r/g, '\n'), lastEventId: '1' }],
      retries: [],
      comments: [],
      lastEventId: '1',
    })
  })

  it('in a comment forges nothing', () => {
    expect(hear(encodeEvent({ comment: forging }))).toMatchObject({ events: [], retries: [], lastEventId: '' })
  })

  it.each(['id', 'type'])('in an %s is refused', (name) => {
    expect(() => encodeEvent({ data: 'x', [name]: forging })).toThrow(
      new TypeError(`An event's ${name} has a line break in it, which the format can't carry: use encodeURIComponent, or another text`),
    )
  })
})

describe.each(Object.entries(harmless))('%s, which ends no line', (_, character) => {
  it('arrives as it is, in data, id and type', () => {
    const all = `${character}a${character}${FORGED.replaceAll('\n', character)}`
    expect(hear(encodeEvent({ data: all, id: all, type: all })).events).toEqual([{ type: all, data: all, lastEventId: all }])
  })
})

describe('NUL', () => {
  it('in an id is refused: clients would ignore the id', () => {
    expect(() => encodeEvent({ data: 'x', id: 'a\0b' })).toThrow("An event's id has NUL in it")
  })

  it('in data and in a type arrives', () => {
    expect(hear(encodeEvent({ data: '\0', type: 'a\0b' })).events).toEqual([{ type: 'a\0b', data: '\0', lastEventId: '' }])
  })
})

describe('half a surrogate pair', () => {
  it.each(['id', 'type'])('in an %s is refused: another would arrive', (name) => {
    expect(() => encodeEvent({ data: 'x', [name]: 'a\uD83D' })).toThrow(`An event's ${name} has half a surrogate pair`)
    expect(() => encodeEvent({ data: 'x', [name]: '😀' })).not.toThrow()
  })

  it('in JSON arrives, in text it is U+FFFD', () => {
    expect(JSON.parse(hear(encodeEvent({ data: ['\uD83D'] })).events[0]?.data ?? '')).toEqual(['\uD83D'])
    expect(hear(encodeEvent({ data: '\uD83D' })).events[0]?.data).toBe('\uFFFD')
  })
})

describe('without a definition', () => {
  it('writes text as it is and all else as JSON', () => {
    expect(encodeEvent({ type: 'a', id: '7', retry: 5, data: 'one\ntwo', comment: 'hi' })).toBe(
      ': hi\nevent: a\nid: 7\nretry: 5\ndata: one\ndata: two\n\n',
    )
    expect(encodeEvent({ data: { a: 'b\nc' } })).toBe('data: {"a":"b\\nc"}\n\n')
    expect(encodeEvent(undefined, { data: null })).toBe('data: null\n\n')
    expect(hear(encodeEvent({ data: '' })).events).toEqual([{ type: 'message', data: '', lastEventId: '' }])
  })

  it('writes blocks without an event', () => {
    expect(hear(encodeEvent({ id: 'π-7' }))).toMatchObject({ events: [], lastEventId: 'π-7' })
    expect(hear(encodeEvent({ retry: 0 }))).toMatchObject({ events: [], retries: [0] })
    expect(hear(encodeEvent({ comment: 'a\nb' }))).toMatchObject({ events: [], comments: ['a', 'b'] })
  })

  it.each([Number.NaN, Infinity, -1, 1.5, 1e21, '5'])('refuses %s as a reconnection time, which clients would ignore', (retry) => {
    expect(() => encodeEvent({ retry: retry as number })).toThrow(`retry is ${retry}: it must be a whole number`)
  })

  it.each([() => 1, Symbol('s')])('refuses data that JSON leaves out', (data) => {
    expect(() => encodeEvent({ data })).toThrow(`An event's data is a ${typeof data}, which JSON can't carry`)
  })

  it('refuses a type without data, which clients would ignore', () => {
    expect(() => encodeEvent({ type: 'refresh' })).toThrow("The event 'refresh' has no data")
  })

  it('refuses what is no string', () => {
    expect(() => encodeEvent({ data: 1, id: 7 as unknown as string })).toThrow("An event's id must be a string, not number")
    expect(() => encodeEvent('data' as unknown as object)).toThrow('An event is an object')
  })
})

describe('with a definition', () => {
  const own = (raw: string): number => raw.length
  const ops = defineSSE({
    url: '/events',
    events: { zod: z.object({ at: z.iso.datetime().transform((at) => new Date(at)) }), json: json<string>(), text: text(), word: 'text', plain: 'json', own, odd: z.stringFormat('text', /./) },
  })

  it('writes what its decoders read', () => {
    const data = (...event: Parameters<typeof encodeEvent<typeof ops.events>>) => hear(encodeEvent(...event)).events[0]?.data
    expect(data(ops, { type: 'json', data: 'hi' })).toBe('"hi"')
    expect(data(ops, { type: 'plain', data: 'hi' })).toBe('"hi"')
    expect(data(ops, { type: 'text', data: 'hi' })).toBe('hi')
    expect(data(ops, { type: 'word', data: 'hi' })).toBe('hi')
    expect(data(ops, { type: 'own', data: 'hi' })).toBe('hi')
    expect(data(ops, { type: 'own', data: 5 })).toBe('5')
    expect(data(ops, { type: 'odd', data: 'hi' })).toBe('"hi"')
    expect(data(ops, { type: 'zod', data: { at: '2026-01-02T03:04:05Z' } })).toBe('{"at":"2026-01-02T03:04:05Z"}')
  })

  it('writes blocks without an event', () => {
    expect(encodeEvent(ops, { retry: 7 })).toBe('retry: 7\n\n')
  })

  it('refuses what its clients would not read', () => {
    const encode = (event: object) => () => encodeEvent(ops, event)
    expect(encode({ type: 'jsn', data: 1 })).toThrow("The definition has no event 'jsn': it has zod, json, text, word, plain, own, odd")
    expect(encode({ type: 'toString', data: 1 })).toThrow("The definition has no event 'toString'")
    expect(encode({ data: 1 })).toThrow("The definition has no event 'message'")
    expect(encode({ type: 'text', data: { a: 1 } })).toThrow("The event 'text' is text, and its data is object: pass a string")
    expect(encode({ type: 'json' })).toThrow("The event 'json' has no data: null is JSON, undefined is not")
  })
})

/** What is written, or `null` where that is refused. */
function written(event: WireEvent): string | null {
  try {
    return encodeEvent(event)
  } catch (error) {
    // What JSON.stringify calls throws what it likes.
    if (error instanceof TypeError) return null
    throw error
  }
}

const seed = 20_261_127
/** Any text, rich in what could forge something. */
const dangerous = string({
  unit: oneof(string({ unit: 'binary', minLength: 1, maxLength: 1 }), constantFrom('\n', '\r', '\r\n', '\n\n', ': ', 'data: ', 'id: ', 'event: ', 'retry: 1', '\0', ' ', '\u2028', '\uFEFF')),
  maxLength: 30,
})
const absent = { nil: undefined }

describe('round trips', () => {
  it('of any text: one event, as it was, or a refusal', () => {
    let [told, refused] = [0, 0]
    assert(
      property(record({ data: dangerous, id: option(dangerous, absent), type: option(dangerous, absent), comment: option(dangerous, absent) }), (event) => {
        const { data, id = '', type } = event
        const unfit = /[\r\n]/.test(id + type) || id.includes('\0')
        const wire = written(event)
        expect(wire === null).toBe(unfit)
        if (wire === null) return void (refused += 1)
        const { events, retries } = hear(wire)
        expect(events).toEqual([{ type: type || 'message', data: data.replaceAll(/\r\n|\r/g, '\n'), lastEventId: id }])
        expect(retries).toEqual([])
        told += 1
      }),
      { seed, numRuns: 5_000 },
    )
    expect(Math.min(told, refused)).toBeGreaterThan(500)
  })

  it('of any JSON', () => {
    const all = defineSSE({ url: '/', events: { all: 'json' } })
    assert(
      property(jsonValue({ stringUnit: 'binary' }), (data) => {
        const [event] = hear(encodeEvent(all, { type: 'all', data })).events
        expect(JSON.stringify(JSON.parse(event?.data ?? ''))).toBe(JSON.stringify(data))
      }),
      { seed, numRuns: 2_000 },
    )
  })

  it('of anything at all: an event, or a TypeError', () => {
    assert(
      property(anything(), anything(), anything(), (data, id, type) => {
        expect(hear(written({ data, id, type } as object) ?? '').events.length).toBeLessThan(2)
      }),
      { seed, numRuns: 2_000 },
    )
  })
})
