import type { OpenInfo, Transport, TransportAttempt, TransportRequest, TransportSink } from 'eventwire/core'
import type { Serve } from 'eventwire/testing'
import { fetchTransport, SSEError } from 'eventwire/core'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { transportConformance } from 'eventwire/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cases } from '../conformance/cases.js'
import { cutAt } from '../conformance/parse.js'
import type { RealServer } from './server.js'
import { readChunks } from './read-chunks.js'
import { createScripts } from './scripts.js'
import { startServer } from './server.js'

let server: RealServer
const scripts = createScripts()

beforeAll(async () => {
  server = await startServer()
  server.answer = scripts.answer
})

afterAll(() => server.close())

const serve: Serve = async (answers) => {
  const path = scripts.add(answers)
  return {
    url: server.url + path,
    requests: async () => scripts.requests(path) ?? [],
    drop: async () => scripts.drop(path),
  }
}

describe.each<[string, () => Transport]>([
  ['fetch', fetchTransport],
  ['fetch-event-source', fetchEventSourceTransport],
])('%s', (_, create) => {
  for (const { name, run } of transportConformance(create, { serve }))
    it(name, () => expect(run()).resolves.toBeUndefined())
})

describe('fetch reads as the standard says, whatever way the bytes are cut', () => {
  it.each(cases)('$proves $name', async ({ bytes, events, retries, lastEventId }) => {
    for (let split = 0; split <= bytes.length; split++) {
      const reading = await readChunks(fetchTransport, cutAt(bytes, [split]))
      expect(reading, `split at ${split}`).toEqual({ events, retries, lastEventId })
    }
  })
})

/** The fetch transport with something done wrong. */
const spoilt =
  ({ sink = () => ({}), attempt = () => ({}), request = () => ({}), can }: Spoil) =>
  (): Transport => {
    const sound = fetchTransport()
    return {
      name: 'spoilt',
      can: can ?? sound.can,
      open(asked, told) {
        const opened = sound.open({ ...asked, ...request(asked) }, { ...told, ...sink(told) })
        return { ...opened, ...attempt(opened) }
      },
    }
  }

interface Spoil {
  sink?: (sink: TransportSink) => Partial<TransportSink>
  attempt?: (attempt: TransportAttempt) => Partial<TransportAttempt>
  request?: (request: TransportRequest) => Partial<TransportRequest>
  can?: Transport['can']
}

/** Resolves to something else than it should. */
const asking =
  (change: Partial<Awaited<ReturnType<TransportRequest['resolve']>>>): NonNullable<Spoil['request']> =>
  ({ resolve }) => ({ resolve: async () => ({ ...(await resolve()), ...change }) })

const acceptAll: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers)
  headers.set('accept', '*/*')
  return fetch(url, { ...init, headers })
}

describe('the checks find out who', () => {
  it.each<[what: string, create: () => Transport, check: string, says: RegExp]>([
    [
      'asks with another Accept',
      () => fetchTransport({ fetch: acceptAll }),
      'asks as EventSource does',
      /Accept: expected "text/,
    ],
    [
      'keeps its own Accept',
      () => fetchTransport({ fetch: acceptAll }),
      'sends headers, an Accept too',
      /headers: expected \["Bearer 1","application/,
    ],
    [
      'says nothing of a cursor that it left out',
      spoilt({ sink: ({ open }) => ({ open: ({ status = 0 }) => open({ status }) }) }),
      'leaves a cursor out that is 64 KiB long, and says so',
      /resumed: expected false/,
    ],
    [
      'keeps comments to itself',
      spoilt({ sink: () => ({ comment() {} }) }),
      'tells of comments, within events and between them',
      /the first comment: expected "beat"/,
    ],
    [
      'takes a 201 for a refusal',
      spoilt({ request: asking({ method: 'GET', body: undefined }) }),
      'opens on 201 for a POST, and not for a GET',
      /reports: expected "open event end"/,
    ],
    [
      'loses the body',
      spoilt({ request: asking({ body: undefined }) }),
      'sends a method and a body',
      /method and body: expected/,
    ],
    [
      'sends an escaped cursor',
      spoilt({ request: asking({ lastEventId: '%CF%80' }) }),
      'sends the cursor as UTF-8',
      /Last-Event-ID: expected/,
    ],
    [
      'forgets where it started',
      spoilt({ request: asking({ lastEventId: '' }) }),
      'keeps the cursor that it started from',
      /lastEventId of an event without an id: expected/,
    ],
    ['takes headers that it does not send', spoilt({ can: new Set() }), 'refuses headers', /for a refusal/],
    ['never opens', spoilt({ sink: () => ({ open() {} }) }), 'delivers events in order', /reported event before open/],
    [
      'opens late',
      spoilt({
        sink: ({ open, event }) => {
          let late: OpenInfo = {}
          return {
            open: (info) => void (late = info),
            event: (raw) => (event(raw), open(late)),
          }
        },
      }),
      'opens before it delivers',
      /reports: expected "open event"/,
    ],
    [
      'loses ids',
      spoilt({ sink: ({ event }) => ({ event: (raw) => event({ ...raw, lastEventId: '' }) }) }),
      'delivers ids, which stick',
      /events: expected/,
    ],
    [
      'delivers twice',
      spoilt({ sink: ({ event }) => ({ event: (raw) => [raw, raw].forEach(event) }) }),
      'delivers events in order',
      /events: expected/,
    ],
    [
      'keeps the cursor to itself',
      spoilt({ sink: () => ({ cursor() {} }) }),
      'delivers an id without an event at the end',
      /last event ID: expected "b", got "a"/,
    ],
    ['keeps retry to itself', spoilt({ sink: () => ({ retry() {} }) }), 'delivers retry', /retry: expected \[1234,99\]/],
    [
      'loses bytes',
      spoilt({ sink: ({ activity }) => ({ activity: () => activity(1) }) }),
      'reports every byte, comments included',
      /bytes: expected 16/,
    ],
    ['does not pause', spoilt({ attempt: () => ({ pause() {} }) }), 'pauses and loses nothing', /while paused/],
    [
      'ends for good',
      spoilt({ sink: ({ end }) => ({ end: () => end(true) }) }),
      'ends when the server ends',
      /final: expected false/,
    ],
    [
      'ends twice',
      spoilt({ sink: ({ end }) => ({ end: () => [end(), end()] }) }),
      'delivers events in order',
      /reported end after its end/,
    ],
    [
      'gives up on a break',
      spoilt({ sink: ({ fail }) => ({ fail: () => fail(new SSEError('network', 'broke')) }) }),
      'fails when the connection breaks',
      /"retryable":true.*"retryable":false/,
    ],
    [
      'fails with any error',
      spoilt({ sink: ({ fail }) => ({ fail: (error) => fail(Object.assign(error, { name: 'Error' })) }) }),
      'fails when the connection breaks',
      /no SSEError/,
    ],
    [
      'takes any size',
      spoilt({ request: () => ({ maxEventSize: Infinity }) }),
      'fails an event that is too large, in pieces',
      /for its end or failure/,
    ],
    [
      'lets nothing go',
      spoilt({ attempt: () => ({ close() {} }) }),
      'close() before the server answers',
      /the server to see the connection go/,
    ],
    [
      'closes late',
      spoilt({ attempt: ({ close }) => ({ close: () => queueMicrotask(close) }) }),
      'close() within event: the rest of the chunk is not heard',
      /open event event event/,
    ],
    [
      'says so when it closes',
      () => {
        let end = () => {}
        return spoilt({
          sink: (told) => ((end = told.end), {}),
          attempt: ({ close }) => ({ close: () => (close(), end()) }),
        })()
      },
      'takes a content type with parameters',
      /reported end after close\(\)/,
    ],
  ])('%s', async (_, create, check, says) => {
    // Some are found out by what does not come; the others must have the time that a busy machine takes.
    const inVain = /^for |the server to see/.test(says.source)
    const checks = transportConformance(create, { serve, timeoutMs: inVain ? 200 : 10_000 })
    await expect(checks.find(({ name }) => name === check)?.run()).rejects.toThrow(says)
  })
})
