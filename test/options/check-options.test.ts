import type { ClientOptions, PlainSource, SubscribeOptions } from 'eventwire/core'
import { createSSEClient, defineSSE, json, openSSE, text } from 'eventwire/core'
import { createVirtualPage } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

afterEach(() => vi.unstubAllEnvs())

// A seam, twice: JavaScript does not see types.
const untyped = (options: object) => options as SubscribeOptions
const source = (given: unknown) => given as PlainSource

const MISUSES: [misuse: object, says: string][] = [
  [{ retry: false }, 'retry must be an object or a function, not false: to never retry pass retry: { attempts: 0 }'],
  [{ retry: 5 }, 'retry must be an object or a function, not 5: to never retry pass retry: { attempts: 0 }'],
  [{ notify: 'frames' }, "notify must be 'frame', 'sync' or a function, not 'frames'. Did you mean 'frame'?"],
  [{ notify: 16 }, "notify must be 'frame', 'sync' or a function, not 16"],
  [{ onInvalid: 'ignore' }, "onInvalid must be 'report' or 'drop', not 'ignore'"],
  [{ linger: -1 }, 'linger must be 0 or more ms, not -1'],
  [{ linger: '5' }, "linger must be 0 or more ms, not '5'"],
  [{ types: 'alert' }, "types must be a list of event types, not 'alert': pass types: ['message', …]"],
  [{ history: Infinity }, 'history must be a whole number of events, not Infinity: it is always bounded'],
  [{ history: null }, 'history must be a whole number of events, not null: it is always bounded'],
  [{ maxEventSize: 0 }, 'maxEventSize must be a positive number, not 0'],
  [{ decode: json }, "decode must be 'json', 'text', a schema or a function, not json itself: call it: json()"],
  [{ decode: text }, "decode must be 'json', 'text', a schema or a function, not text itself: call it: text()"],
  [{ decode: 'jsn' }, "decode must be 'json', 'text', a schema or a function, not 'jsn'. Did you mean 'json'?"],
  [{ decode: String }, "decode must be 'json', 'text', a schema or a function, not the class String"],
  [{ decode: class Alert { title = '' } }, "decode must be 'json', 'text', a schema or a function, not the class Alert"],
  [{ decode: {} }, "decode must be 'json', 'text', a schema or a function, not an object"],
]

describe('in development', () => {
  it.each(MISUSES)('%o throws, with the way out', (misuse, says) => {
    const { client } = harness()
    expect(() => client.subscribe('/events', untyped(misuse))).toThrow(new TypeError(says))
    expect(() => client.subscribe(source({ url: '/events', ...misuse }))).toThrow(new TypeError(says))
    expect(() => createSSEClient(misuse)).toThrow(new TypeError(says))
  })

  it.each<[misuse: object, says: string]>([
    [{ until: 'done' }, "until must be a function of the raw event, not 'done'"],
    [{ events: ['alert'] }, 'events must be an object of decoders by event type, not a list'],
    [
      { events: { alert: json } },
      "events.alert must be 'json', 'text', a schema or a function, not json itself: call it: json()",
    ],
    [
      { events: { alert: 'txt' } },
      "events.alert must be 'json', 'text', a schema or a function, not 'txt'. Did you mean 'text'?",
    ],
    [{ events: { alert: 'json' }, decode: 'text' }, 'Pass either events or decode, not both'],
    [{ onMesage() {} }, "Unknown option 'onMesage'. Did you mean 'onMessage'?"],
    [{ select() {} }, "'select' belongs in the options that are passed to useSSE, not in its source"],
  ])('%o in a source throws, with the way out', (misuse, says) => {
    expect(() => harness().client.subscribe(source({ url: '/events', ...misuse }))).toThrow(new TypeError(says))
  })

  it.each<[given: unknown, says: RegExp]>([
    [() => '/events', /definition, not a function: pass \{ url: \(\) => … \}$/],
    [5, /must be a URL, an object with a url or a definition, not 5$/],
    [true, /definition, not true$/],
    [['/events'], /definition, not a list$/],
    [{ history: 3 }, /has no url: pass \{ url: '\/events', … \}/],
    [{ url: 5 }, /url must be a string, a URL or a function, not 5/],
  ])('%o is no source', (given, says) => {
    expect(() => harness().client.subscribe(source(given))).toThrow(says)
  })

  it('openSSE asks for a url, too', () => {
    expect(() => openSSE(untyped({ live: true }) as { url: string })).toThrow(/has no url/)
  })

  it.each([null, undefined, false, '', { url: null }, { url: undefined }, { url: '' }, { url: false }])(
    '%o is a source for "not now"',
    (given) => {
      const reader = harness().client.subscribe(source(given), { history: 3 })
      expect(reader.getSnapshot().status).toBe('idle')
    },
  )

  it('takes a url from the second argument', () => {
    const { client } = harness()
    const reader = client.subscribe(source({ history: 3 }), { url: '/events' })
    expect(reader.getSnapshot().status).toBe('connecting')
    reader()
  })

  it('refuses what a client can not be made with', () => {
    expect(() => createSSEClient(untyped({ baseURL: '/api' }))).toThrow(
      new TypeError("Unknown option 'baseURL'. Did you mean 'baseUrl'?"),
    )
    expect(() => createSSEClient(untyped({ url: '/events' }))).toThrow(/Unknown option 'url'/)
    const { clock, transport } = harness()
    const all: Required<ClientOptions> = {
      ...{ baseUrl: '/api', clock, onUncaught() {}, headers: {}, credentials: 'include', transport, lastEventId: '7' },
      ...{ lastEventIdParam: 'since', live: true, retry: () => false, linger: 0, notify: 'sync', maxEventSize: 1 },
      ...{ reset: { event: 'reset' }, dedupe: 5, connectTimeout: 1, idleTimeout: 'auto', pauseWhenHidden: 5 },
      ...{ renew: { at: () => null }, redirect: 'error', replays: true, isError: () => false, page: createVirtualPage() },
      ...{ types: [], decode: text(), onInvalid: 'drop', history: 0, keepPreviousData: true },
    }
    expect(() => createSSEClient(all)).not.toThrow()
  })

  it('refuses what a layer between, as a provider is one, can not say', () => {
    const slot = harness().client.bind()
    const settle = (options: object) => () => slot.ask([{ options, owner: 'p' }], '/events', undefined)
    expect(settle({ baseURL: '/api' })).toThrow(new TypeError("Unknown option 'baseURL'. Did you mean 'baseUrl'?"))
    expect(settle({ retry: false })).toThrow(/retry must be/)
    expect(settle({ baseUrl: '/api', onUncaught() {} })).not.toThrow()
  })
})

it("a client's decode is for sources without events", async () => {
  const { client, transport } = harness({ decode: 'text' })
  const typed = client.subscribe(defineSSE({ url: '/events', events: { load: json<number>() } }))
  const plain = client.subscribe('/events')
  ;(await transport.connected()).send({ type: 'load', data: 42 })
  expect([typed.getSnapshot().data, plain.getSnapshot().data]).toEqual([42, '42'])
  typed()
  plain()
})

it('in production nothing is checked', () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { client } = harness()
  const reader = client.subscribe('/events', untyped({ retry: false }))
  expect(reader.getSnapshot().status).toBe('connecting')
  reader()
})
