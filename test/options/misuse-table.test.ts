import { createSSEClient, defineSSE, openSSE } from 'eventwire/core'
import type { PlainSource, SubscribeOptions } from 'eventwire/core'
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../src/options/option-rules.js'
import { optionRules } from '../../src/options/option-rules.js'
import { harness } from '../client/harness.js'

// Seams: JavaScript does not see types.
const untyped = (options: object) => options as SubscribeOptions
const source = (given: unknown) => given as PlainSource

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

/** One of each kind of value that a user may pass by mistake. */
const VALUES: [kind: string, value: unknown][] = [
  ['a text', 'false'],
  ['an empty text', ''],
  ['a number', 5],
  ['a negative number', -1],
  ['no number', Number.NaN],
  ['a boolean', true],
  ['null', null],
  ['a list', [5]],
  ['an object', { a: {} }],
  ['what refers to itself', cyclic],
  ['a promise', Promise.resolve(5)],
  ['a function', () => 5],
  ['a symbol', Symbol('a')],
]

/** Null says "not now", or "none", of these. */
const NULLABLE = new Set(['url', 'body'])
/** Said beside `url`, these make no sense together with what a table of single options says. */
const OTHER: Record<string, object> = {}

const rules: Record<string, Kind & { place: string }> = optionRules()
const rows = Object.entries(rules).flatMap(([name, rule]) =>
  VALUES.filter(([, value]) => value !== undefined).map(([kind, value]) => ({ name, rule, kind, value })),
)

/** Whether the rule lets a value be: what it says of it otherwise. */
const allows = ({ holds, fault }: Kind, value: unknown) => holds(value) && !fault?.(value)

describe('each option, given each kind of value', () => {
  it.each(rows.filter(({ rule }) => rule.place !== 'client'))('$name: $kind, in a source and in what lies over it', ({ name, rule, value }) => {
    const { client } = harness()
    const given = { url: '/events', ...OTHER[name], [name]: value }
    // React's `select` and `isEqual` belong in the second argument.
    const places: (() => unknown)[] = [() => client.subscribe('/events', untyped({ [name]: value }))]
    if (rule.place !== 'hook') places.push(() => client.subscribe(source(given)))
    const fine = allows(rule, value) || (value === null && NULLABLE.has(name))
    for (const place of places) {
      let thrown: unknown = null
      try {
        place()
      } catch (error) {
        thrown = error
      }
      // Refused at once and by name, or it works.
      if (fine) continue
      expect(thrown).toBeInstanceOf(TypeError)
      expect(String(thrown)).toContain(name === 'headers' ? 'header' : name)
    }
  })

  it.each(rows.filter(({ rule }) => rule.place === 'shared' || rule.place === 'client'))('$name: $kind, in a client', ({ name, rule, value }) => {
    // Without a transport the default stands in.
    if (allows(rule, value) || (name === 'transport' && value === null)) return
    expect(() => createSSEClient(untyped({ [name]: value }))).toThrow(TypeError)
    expect(() => createSSEClient(untyped({ [name]: value }))).toThrow(name === 'headers' ? 'header' : name)
  })

  it('of each, some value is refused: no rule lets everything be', () => {
    const careless = Object.entries(rules).filter(([, rule]) => VALUES.every(([, value]) => allows(rule, value)))
    expect(careless.map(([name]) => name)).toEqual([])
  })
})

describe('named badly no more', () => {
  const { client } = harness()
  it.each<[string, () => unknown, RegExp]>([
    ['a misspelt name in defineSSE', () => defineSSE(untyped({ url: '/e', events: {}, hedaers: {} }) as never), /'hedaers'.*'headers'/],
    ['history in openSSE', () => openSSE({ url: '/e' }, untyped({ history: 5 })), /openSSE does not take 'history'/],
    ['onMessage in openSSE', () => openSSE(untyped({ url: '/e', onMessage() {} }) as { url: string }), /does not take 'onMessage'/],
    ['a controller for a signal', () => openSSE({ url: '/e', signal: new AbortController() as unknown as AbortSignal }), /controller\.signal/],
    ['openSSE without a source', () => (openSSE as () => unknown)(), /needs a url/],
    ['a header that is an object', () => client.subscribe('/e', untyped({ headers: { a: {} } })), /header 'a' must be a string/],
    ['headers that are a text', () => client.subscribe('/e', untyped({ headers: 'a: b' })), /headers must be an object/],
    ['a header name with a line break', () => client.subscribe('/e', { headers: { 'a\nb': 'c' } }), /name that is none: "a\\nb"/],
    ['a method of two words', () => client.subscribe('/e', { method: 'P OST' }), /method must be/],
    ['a method that is a number', () => client.subscribe('/e', untyped({ method: 5 })), /method must be/],
    ['TRACE', () => client.subscribe('/e', { method: 'TRACE' }), /method must be/],
    ...['javascript:alert(1)', 'file:///etc/passwd', 'ws://a.test', 'ftp://a.test', 'blob:a'].map(
      (url): [string, () => unknown, RegExp] => [url, () => client.subscribe(url), /url must be http: or https:/],
    ),
    ['credentials: true', () => client.subscribe('/e', untyped({ credentials: true })), /credentials must be 'omit' or/],
    ['lastEventId: 5', () => client.subscribe('/e', untyped({ lastEventId: 5 })), /lastEventId must be a string/],
    ['key: 5', () => client.subscribe('/e', untyped({ key: 5 })), /key must be a string/],
    ['a misspelt name in retry', () => client.subscribe('/e', untyped({ retry: { base: 5 } })), /'retry\.base'.*'retry\.baseMs'/],
    ['a misspelt name in reset', () => client.subscribe('/e', untyped({ reset: { status: 5 } })), /'reset\.status'.*'reset\.statuses'/],
    ['options that are null', () => client.subscribe('/e', null as unknown as SubscribeOptions), /Options must be an object, not null/],
  ])('%s', (_, run, says) => {
    expect(run).toThrow(TypeError)
    expect(run).toThrow(says)
  })

  class Message {
    text = 'hi'
  }
  it.each<[string, unknown, RegExp]>([
    ['an instance', new Message(), /plain object/],
    ['a Map', new Map(), /Object\.fromEntries/],
    ['a Set', new Set(), /\[\.\.\.set\]/],
    ['a Date', new Date(0), /toISOString/],
    ['a number', 5, /not a number/],
    ['a boolean', true, /not a boolean/],
    ['what refers to itself', cyclic, /refers to itself/],
    ['a BigInt in it', { a: 1n }, /BigInt/],
    ['a promise', Promise.resolve('a'), /the function that gives/],
  ])('a body that is %s is refused with its cure', (_, body, says) => {
    expect(() => client.subscribe('/e', untyped({ body }))).toThrow(says)
  })

  it.each<[string, unknown]>([
    ['text', 'a'],
    ['an object', { a: 1 }],
    ['a list', [1]],
    ['FormData', new FormData()],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['a Blob', new Blob(['a'])],
    ['bytes', new Uint8Array(1)],
    ['a buffer', new ArrayBuffer(1)],
    ['a stream', new Blob(['a']).stream()],
    ['nothing', null],
  ])('a body that is %s goes', (_, body) => {
    expect(() => client.subscribe('/e', untyped({ body, method: 'POST' }))).not.toThrow()
  })
})
