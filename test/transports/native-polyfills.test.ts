/** Over the EventSources of npm that apps bring along, as published, and real servers. */
import type { NativeTransportOptions } from 'eventwire/native'
import type { SSEServer } from 'eventwire/testing/node'
import { createRequire } from 'node:module'
import { createSSEClient } from 'eventwire/core'
import { nativeTransport } from 'eventwire/native'
import { createSSEServer } from 'eventwire/testing/node'
import { JSDOM } from 'jsdom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

type Source = NonNullable<NativeTransportOptions['EventSource']>

/** Some are what the package exports, some a part of it. */
function load(name: string): Source {
  // A seam: two of them have no types, and none has those of the platform's.
  const loaded = createRequire(import.meta.url)(name) as Source & { EventSource?: Source; default?: Source }
  return loaded.default ?? loaded.EventSource ?? loaded
}

let server: SSEServer
const undo: (() => void)[] = []

beforeEach(async () => {
  server = await createSSEServer()
})

afterEach(async () => {
  undo.splice(0).forEach((run) => run())
  vi.unstubAllGlobals()
  await server.verify()
  await server.close()
})

function attempt(EventSource: Source) {
  const recorded = recordAttempt(nativeTransport({ EventSource }), { url: server.origin, types: ['message'] })
  undo.push(() => recorded.close())
  const failed = async () => {
    await vi.waitFor(() => expect(recorded.of('fail')).toHaveLength(1), 3_000)
    return recorded.of('fail')[0]?.error
  }
  return { recorded, failed, when: (kinds: string) => vi.waitFor(() => expect(recorded.kinds()).toBe(kinds), 3_000) }
}

describe.each(['eventsource', 'launchdarkly-eventsource'])('%s, which tells an error before it closes', (name) => {
  it.each([401, 204, 404])('gave up at a %i', async (status) => {
    const { recorded, failed } = attempt(load(name))
    ;(await server.attempted()).respond(status)
    expect(await failed()).toMatchObject({ code: 'native-closed', retryable: true })
    expect(recorded.kinds()).toBe('waiting fail')
  })

  it('waits over a break, and resumes', async () => {
    const { when } = attempt(load(name))
    const first = await server.connected()
    first.send({ data: '1', id: '7', retry: 1 })
    await when('open event')
    first.drop()
    const second = await server.connected()
    await when('open event waiting open')
    expect(second.request.lastEventId).toBe('7')
  })
})

describe('react-native-sse, which has no readyState and stops without a word', () => {
  // React Native has XMLHttpRequest; jsdom's is one over a real network.
  beforeEach(() => {
    const { window } = new JSDOM('', { url: server.origin })
    vi.stubGlobal('XMLHttpRequest', window.XMLHttpRequest)
    // What refuses is written there by jsdom.
    window.console.error = () => {}
    undo.push(() => window.close())
  })

  it('delivers, and a break is told', async () => {
    const { recorded, when, failed } = attempt(load('react-native-sse'))
    const stream = await server.connected()
    stream.send({ data: '1', id: '7' })
    await when('open event')
    expect(recorded.of('event')[0]?.event).toEqual({ type: 'message', data: '1', lastEventId: '7' })
    stream.drop()
    expect(await failed()).toMatchObject({ code: 'native-closed', retryable: true })
  })

  it('is asked for again by us, with the cursor in the URL', async () => {
    const transport = nativeTransport({ EventSource: load('react-native-sse') })
    const client = createSSEClient({ transport, retry: { baseMs: 1, maxMs: 1 } })
    const subscription = client.subscribe(server.origin, { types: ['message'], lastEventIdParam: 'since' })
    undo.push(subscription)
    ;(await server.attempted()).respond(503)
    await vi.waitFor(() => expect(subscription.getSnapshot().error?.code).toBe('native-closed'))
    const second = await server.connected()
    second.send({ data: 1, id: '7' })
    await vi.waitFor(() => expect(subscription.getSnapshot()).toMatchObject({ status: 'open', data: 1, error: null }), 3_000)
    second.drop()
    expect((await server.connected()).request.url).toMatch(/\?since=7$/)
  })
})
