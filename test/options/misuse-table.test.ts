import { createSSEClient, defineSSE, openSSE } from 'eventwire/core'
import type { OpenOptions, PlainSource, SSEClient, SubscribeOptions } from 'eventwire/core'
import { describe, expect, it } from 'vitest'
import { optionRules } from '../../src/options/option-rules.js'
import { harness } from '../client/harness.js'
import type { Row } from './wrong-values.js'
import { refusal, refusalOf, ROWS, VALUES } from './wrong-values.js'

// Seams: JavaScript does not see types.
const untyped = (options: unknown) => options as SubscribeOptions
const source = (given: unknown) => given as PlainSource

type Optioned = keyof SubscribeOptions | Exclude<keyof OpenOptions, 'signal'>
/** The compiler holds the table to what is not an option of streams, too: a name without a rule is an error here. */
const RULED: Record<Optioned, unknown> = optionRules()

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

/** Asks for nothing: what these say is that there is nothing to ask for now. */
const idles = (name: string, value: unknown) => (name === 'url' && !value) || (name === 'enabled' && value === false)
/** What no attempt comes from is an error of the attempt: what the function gave is known no sooner. */
const fails = (name: string, value: unknown) => typeof value === 'function' && ['url', 'headers', 'body'].includes(name)

/** What comes of an option: what is thrown at once, else the error of the first attempt, the attempt itself, or nothing. */
async function outcome(read: (client: SSEClient) => unknown, defaults: object = {}): Promise<string> {
  const { clock, transport } = harness()
  const errors: unknown[] = []
  const thrown = refusal(() => {
    const client = createSSEClient(untyped({ clock, transport, ...defaults }))
    client.observe((fact) => {
      if (fact.type === 'state' && fact.error) errors.push(fact.error)
    })
    read(client)
  })
  if (thrown !== 'null') return thrown
  // Less than any of these waits for an answer.
  await clock.advance(4)
  if (errors.length > 0) return String(errors[0])
  return transport.connections.length > 0 ? 'an attempt' : 'nothing'
}

/** Refused at once and by name, or it works. */
function wanted({ name, value, fine }: Row): RegExp {
  if (!fine || fails(name, value)) return refusalOf(name)
  return idles(name, value) ? /^nothing$/ : /^an attempt$/
}

/** Of sources and of what lies over them. */
const OWN = ROWS.filter(({ place }) => place === 'own' || place === 'shared')
const NOT_IN_A_LOOP = ['onMessage', 'onClose', 'history', 'enabled', 'keepPreviousData', 'notify', 'linger', 'persist']

describe('each option, given each kind of value', () => {
  it.each(OWN)('$name: $kind, in a source', async (row) => {
    const read = (client: SSEClient) => client.subscribe(source({ url: '/events', [row.name]: row.value }))
    expect(await outcome(read)).toMatch(wanted(row))
  })

  it.each([...OWN, ...ROWS.filter(({ place }) => place === 'subscribe')])('$name: $kind, beside a source', async (row) => {
    const read = (client: SSEClient) => client.subscribe('/events', untyped({ [row.name]: row.value }))
    expect(await outcome(read)).toMatch(wanted(row))
  })

  it.each(OWN.filter(({ name }) => !NOT_IN_A_LOOP.includes(name)))('$name: $kind, in a loop', ({ name, value, fine }) => {
    const loop = refusal(() => openSSE('/events', untyped({ [name]: value })))
    // For "not now" there is no loop.
    expect(loop).toMatch(fine && !idles(name, value) ? /^null$/ : refusalOf(name))
  })

  it.each(OWN.filter(({ name }) => name !== 'url'))('$name: $kind, in a definition', ({ name, value, fine }) => {
    const thrown = refusal(() => defineSSE({ url: '/events', events: { a: 'json' }, [name]: value } as never))
    expect(thrown).toMatch(fine ? /^null$/ : refusalOf(name))
  })

  it.each(ROWS.filter(({ place }) => place === 'shared' || place === 'client'))('$name: $kind, in a client', async (row) =>
    expect(await outcome((client) => client.subscribe('/events'), { [row.name]: row.value })).toMatch(wanted(row)),
  )

  it.each(ROWS.filter(({ place }) => place.startsWith('use')))('$name: $kind, where it is none', ({ name, value }) => {
    const { client } = harness()
    expect(refusal(() => client.subscribe('/events', untyped({ [name]: value })))).toMatch(refusalOf(name))
    expect(refusal(() => client.subscribe(source({ url: '/events', [name]: value })))).toMatch(/belongs in the options/)
  })

  it('of each, some value is refused: no rule lets everything be', () => {
    const careless = Object.keys(RULED).filter((name) => ROWS.every((row) => row.name !== name || row.fine))
    // Any value may be the first of a fold.
    expect(careless).toEqual(['initial'])
  })
})

describe('in the place of a whole', () => {
  const { client } = harness()
  const isNotNow = (value: unknown) => value === null || value === false || value === ''
  const isRecord = (kind: string) => kind.includes('object') || kind.includes('itself')

  it.each(VALUES)('%s for options of a subscription', (kind, value) => {
    const thrown = refusal(() => client.subscribe('/events', untyped(value)))
    expect(thrown).toMatch(kind === 'an empty object' ? /^null$/ : isRecord(kind) ? /Unknown option/ : /Options must be an object, not /)
  })

  it.each(VALUES)('%s for options of a loop', (kind, value) => {
    const thrown = refusal(() => openSSE('/events', untyped(value)))
    expect(thrown).toMatch(kind === 'an empty object' ? /^null$/ : isRecord(kind) ? /Unknown option/ : /Options must be an object, not /)
  })

  it.each(VALUES)('%s for options of a client', (kind, value) => {
    const thrown = refusal(() => createSSEClient(untyped(value)))
    expect(thrown).toMatch(kind === 'an empty object' ? /^null$/ : isRecord(kind) ? /Unknown option/ : /Options must be an object, not /)
  })

  it.each(VALUES)('%s for a source', (kind, value) => {
    const thrown = refusal(() => client.subscribe(source(value)))
    const works = isNotNow(value) || kind.includes('text')
    expect(thrown).toMatch(works ? /^null$/ : /^TypeError: (A source must be a URL|The source has no url)/)
  })

  it.each(VALUES)('%s for a listener of facts, and for a wrapper', (kind, value) => {
    const says = kind === 'a function' ? /^null$/ : /^TypeError: (observer|wrapper) must be a function, not/
    expect(refusal(() => client.observe(value as never)())).toMatch(says)
    expect(refusal(() => client.wrap(value as never)())).toMatch(says)
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
    ['a header name with a line break', () => client.subscribe('/e', { headers: { 'a\nb': 'c' } }), /name that is none/],
    ['a method of two words', () => client.subscribe('/e', { method: 'P OST' }), /method must be/],
    ['a method that is a number', () => client.subscribe('/e', untyped({ method: 5 })), /method must be/],
    ['HEAD', () => client.subscribe('/e', { method: 'HEAD' }), /method must be/],
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

  it.each<[string, object]>([
    ['a URL of an app of its own', { url: 'tauri://localhost/events' }],
    ['a header that is a number', { headers: { 'X-Version': 1 } }],
  ])('%s goes, as in production', (_, options) => {
    expect(() => client.subscribe('/e', untyped(options))).not.toThrow()
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
