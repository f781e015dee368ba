import type { SubscribeOptions } from 'eventwire/core'
import { createSSERequest, defineSSE, text } from 'eventwire/core'
import type { MockInstance } from 'vitest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

let warn: MockInstance<typeof console.warn>

beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const said = () => warn.mock.calls.map(([message]) => String(message))

/** Reads a stream of its own name: what is said is said once a name. */
async function read(url: string, options: SubscribeOptions = {}) {
  const parts = harness()
  const subscription = parts.client.subscribe(url, options)
  const connection = await parts.transport.attempted()
  return { ...parts, subscription, connection }
}

describe('an error that nobody looks at', () => {
  it('of a stream that failed: is said once, with what to do', async () => {
    const { connection, clock, subscription } = await read('/unheard/failed?token=secret')
    connection.respond(404)
    await clock.advance(999)
    expect(said()).toEqual([])
    await clock.advance(1)
    expect(said()).toEqual([
      expect.stringMatching(/^eventwire: the stream \/unheard\/failed failed, and nobody looked: .*404.* Show the error that useSSE gives, or pass onError$/),
    ])
    subscription.open()
    await clock.advance(60_000)
    expect(said()).toHaveLength(1)
  })

  it('of text under the default decoder: is said once, with the decoder to pass', async () => {
    const { connection, clock } = await read('/unheard/text')
    connection.open()
    for (const line of ['one', 'two', 'three']) connection.send({ data: line })
    await clock.advance(1_000)
    expect(said()).toEqual([expect.stringMatching(/An event of the stream \/unheard\/text could not be read, .*pass decode: 'text'/)])
  })

  it.each<[string, (url: string) => Promise<Awaited<ReturnType<typeof read>>>]>([
    ['has an onError', (url) => read(url, { onError() {} })],
    [
      'reads it when it is told',
      async (url) => {
        const parts = harness()
        const subscription = parts.client.subscribe(url, { onChange: ({ status, error }) => void [status, error] })
        return { ...parts, subscription, connection: await parts.transport.attempted() }
      },
    ],
    [
      'observes the client',
      async (url) => {
        const all = await read(url)
        all.client.observe(() => {})
        return all
      },
    ],
  ])('is not said where somebody %s', async (who, begin) => {
    const { connection, clock } = await begin(`/heard/${who.length}`)
    connection.respond(404)
    await clock.advance(60_000)
    expect(said()).toEqual([])
  })

  it('is not said of events that are to be dropped, nor of a reader that has gone', async () => {
    const dropping = await read('/heard/dropped', { onInvalid: 'drop' })
    dropping.connection.open()
    dropping.connection.send({ data: 'text' })
    const gone = await read('/heard/gone')
    gone.connection.respond(404)
    gone.subscription()
    await dropping.clock.advance(60_000)
    await gone.clock.advance(60_000)
    expect(said()).toEqual([])
    expect(gone.clock.pending).toBe(0)
  })

  it('is told to who reads the snapshot as ever', async () => {
    const { connection, subscription } = await read('/heard/snapshot')
    connection.respond(404)
    const snapshot = subscription.getSnapshot()
    expect(Object.isFrozen(snapshot)).toBe(true)
    expect(Object.keys(snapshot)).toContain('error')
    expect({ ...snapshot }.error).toMatchObject({ code: 'status', status: 404 })
  })
})

describe('an answer that is over, and asked for again', () => {
  const end = async (url: string, options: SubscribeOptions = {}, event: object = { data: 1 }) => {
    const { connection, clock } = await read(url, { onError() {}, ...options })
    connection.open()
    connection.send(event)
    connection.end()
    await clock.advance(60_000)
  }

  it('is said once, with live: false, until and useSSERequest', async () => {
    const { connection, clock, transport } = await read('/again/plain')
    connection.open()
    connection.send({ data: 1 })
    connection.end()
    await clock.advance(60_000)
    const next = await transport.connected()
    next.send({ data: 1 })
    next.end()
    await clock.advance(60_000)
    expect(said()).toEqual([expect.stringMatching(/\/again\/plain ended, and is asked for again.*live: false.*until.*useSSERequest/)])
  })

  it.each<[string, SubscribeOptions, object]>([
    ['has ids', {}, { id: '1', data: 1 }],
    ['names retry:', {}, { retry: 1_000, data: 1 }],
    ['is said to be live', { live: true }, { data: 1 }],
    ['is asked for once', { live: false }, { data: 1 }],
    ['is a POST that is said to be live', { method: 'POST', live: true }, { data: 1 }],
    ['is retried no more', { retry: { attempts: 0 } }, { data: 1 }],
  ])('is not said of a stream that %s', async (what, options, event) => {
    await end(`/again/${what.length}`, options, event)
    expect(said()).toEqual([])
  })
})

describe('close()', () => {
  it('that ends what others show: is said once, with enabled: false', async () => {
    const { client, subscription } = await read('/closed/shared')
    client.subscribe('/closed/shared')
    subscription.close()
    subscription.open()
    subscription.close()
    expect(said()).toEqual([expect.stringMatching(/close\(\) ended the stream \/closed\/shared for 2 readers.*enabled: false/)])
  })

  it('is not said of the only reader, nor of a logout', async () => {
    const { subscription } = await read('/closed/alone')
    subscription.close()
    const { client } = await read('/closed/logout')
    client.subscribe('/closed/logout')
    client.closeAll()
    expect(said()).toEqual([])
  })
})

describe('a reducer that returns the state it was given', () => {
  const fold = async <V>(initial: V, reduce: (value: V) => V) => {
    const { client, transport, clock } = harness()
    const request = createSSERequest<V>({ url: '/fold', initial, reduce }, client)
    void request.start()
    const connection = await transport.connected()
    connection.send({ data: 1 })
    connection.send({ data: 2 })
    await clock.advance(100)
    request.dispose()
  }

  it('changed: is said once', async () => {
    await fold<number[]>([], (list) => {
      list.push(1)
      return list
    })
    expect(said()).toEqual([expect.stringMatching(/reduce changed the state that it was given.*\[\.\.\.list, item\]/)])
    warn.mockClear()
    await fold<{ count: number }>({ count: 0 }, (state) => Object.assign(state, { count: state.count + 1 }))
    expect(said()).toEqual([expect.stringMatching(/\{ \.\.\.state, key: value \}/)])
  })

  it('unchanged, or made anew: is not said', async () => {
    await fold<number[]>([1], (list) => list)
    await fold<number[]>([], (list) => [...list, 1])
    await fold(new Map([[1, 1]]), (map) => map.set(map.size, 1))
    await fold(0, (count) => count + 1)
    expect(said()).toEqual([])
  })
})

describe('a listener that is never called', () => {
  const ops = defineSSE({ url: '/deaf', events: { alert: text(), log: text() } })
  const listen = (types: readonly string[]) => {
    const slot = harness().client.bind()
    const asked = slot.ask([], ops, undefined)
    slot.update(asked, () => {})
    slot.attach(asked?.key ?? '', types, false, () => {})
  }

  it('of a type that the definition lacks: is said, with the likely one', () => {
    listen(['alrt', 'log'])
    listen(['alrt'])
    listen(['somethingElse'])
    expect(said()).toEqual([
      expect.stringMatching(/listens for 'alrt'.*Did you mean 'alert'\?$/),
      expect.stringMatching(/listens for 'somethingElse'.*They name 'alert', 'log'/),
    ])
  })

  it('of none: is said', () => {
    listen([])
    expect(said()).toEqual([expect.stringMatching(/useSSEEvent has no listener/)])
  })
})

it('says none of it in production', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { connection, clock, client, subscription } = await read('/production')
  client.subscribe('/production')
  connection.open()
  connection.send({ data: 'text' })
  connection.end()
  await clock.advance(60_000)
  subscription.close()
  const failing = await read('/production/failed')
  failing.connection.respond(404)
  await failing.clock.advance(60_000)
  expect(said()).toEqual([])
})
