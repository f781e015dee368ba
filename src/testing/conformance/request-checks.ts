import type { ResolvedRequest } from 'eventwire/core'
import type { AttemptRequest } from './recorded-attempt.js'
import type { Check, CheckTable, Trial } from './trial.js'
import { resolvedTo } from './recorded-attempt.js'
import { same } from './trial.js'
import { fromUTF8, utf8 } from './wire-cases.js'

const answer = { chunks: [utf8('data: 1\n\n')], after: 'hold' } as const

/** Makes one request, waits for its event, and gives what the server saw. */
async function seenBy({ serve, open, until }: Trial, request: AttemptRequest = {}) {
  const stream = await serve(answer)
  const recorded = open(stream, request)
  await until('an event', () => recorded.of('event').length > 0)
  const [seen] = await stream.requests()
  if (!seen) throw new Error('The server saw no request')
  return { ...seen, recorded }
}

/** A transport without a capability refuses with a TypeError, thrown or as the cause of a failure, and asks nobody. */
async function refused({ serve, open, until }: Trial, request: AttemptRequest) {
  const stream = await serve(answer)
  let cause: unknown
  try {
    const recorded = open(stream, request)
    await until('a refusal', () => recorded.of('fail').length > 0)
    cause = recorded.of('fail')[0]?.error.cause
  } catch (error) {
    cause = error
  }
  if (!(cause instanceof TypeError)) throw cause instanceof Error ? cause : new Error(`Refused by ${String(cause)}`)
  same((await stream.requests()).length, 0, 'requests made all the same')
}

const sendsHeaders: Check = [
  'sends headers, an Accept too',
  async (trial) => {
    const accept = 'application/json, text/event-stream'
    const seen = await seenBy(trial, { headers: { authorization: 'Bearer 1', accept } })
    same([seen.headers['authorization'], seen.headers['accept']], ['Bearer 1', accept], 'headers')
  },
]

const refusesHeaders: Check = [
  'refuses headers',
  (trial) => refused(trial, { headers: { authorization: 'Bearer 1' } }),
]

const sendsMethod: Check = [
  'sends a method and a body',
  async (trial) => {
    const seen = await seenBy(trial, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a body: π' })
    same([seen.method, seen.body], ['POST', 'a body: π'], 'method and body')
  },
]

const refusesMethod: readonly Check[] = [
  ['refuses a method', (trial) => refused(trial, { method: 'POST' })],
  ['refuses a body', (trial) => refused(trial, { body: 'a body' })],
]

const sendsCursor: readonly Check[] = [
  [
    'sends the cursor as UTF-8',
    async (trial) => {
      const seen = await seenBy(trial, { lastEventId: 'π-7 ☕' })
      same(fromUTF8(seen.headers['last-event-id']), 'π-7 ☕', 'Last-Event-ID')
    },
  ],
  ...Object.entries({ 'has a control character': '7\u0001', 'is 64 KiB long': 'x'.repeat(65_536) }).map(
    ([what, lastEventId]): Check => [
      `leaves a cursor out that ${what}, and says so`,
      async (trial) => {
        const { headers, recorded } = await seenBy(trial, { lastEventId })
        same('last-event-id' in headers, false, 'Last-Event-ID')
        same(recorded.of('open')[0]?.info.resumed, false, 'resumed')
      },
    ],
  ),
]

/** What goes over the wire. */
export const requestChecks: CheckTable = ({ can }) => [
  [
    'asks as EventSource does',
    async (trial) => {
      const { method, headers } = await seenBy(trial)
      same(method, 'GET', 'method')
      same(headers['accept'], 'text/event-stream', 'Accept')
      same(/no-cache|no-store/.test(headers['cache-control'] ?? ''), true, "Cache-Control's no-cache or no-store")
      same('last-event-id' in headers, false, 'Last-Event-ID without a cursor')
    },
  ],
  can.has('headers') ? sendsHeaders : refusesHeaders,
  ...(can.has('method') ? [sendsMethod] : refusesMethod),
  ...(can.has('cursor') ? sendsCursor : []),
  [
    'keeps the cursor that it started from',
    async (trial) => {
      const { recorded } = await seenBy(trial, { lastEventId: 'π-7 ☕' })
      same(recorded.of('event')[0]?.event.lastEventId, 'π-7 ☕', 'lastEventId of an event without an id')
    },
  ],
  [
    'fails when asking for the request does',
    async ({ serve, open, until }) => {
      const recorded = open(await serve(answer), { resolve: () => Promise.reject(new Error('no token')) })
      await until('a failure', () => recorded.of('fail').length > 0)
      const error = recorded.of('fail')[0]?.error
      same([error?.code, error?.retryable], ['callback', true], 'code and retryable')
    },
  ],
  [
    'does nothing when it was closed while it asked',
    async ({ serve, open, until }) => {
      const stream = await serve(answer)
      let answerNow: (request: ResolvedRequest) => void = () => {}
      let asked = false
      const resolve = () => {
        asked = true
        return new Promise<ResolvedRequest>((settle) => (answerNow = settle))
      }
      const closed = open(stream, { resolve })
      await until('the request to be asked for', () => asked)
      closed.close()
      answerNow(resolvedTo({ url: stream.url }))
      const next = await serve(answer)
      const other = open(next)
      await until('an event of the next attempt', () => other.of('event').length > 0)
      same((await stream.requests()).length, 0, 'requests made all the same')
    },
  ],
]
