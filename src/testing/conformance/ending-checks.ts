import type { AttemptReport, AttemptRequest } from './recorded-attempt.js'
import type { ScriptedAnswer } from './scripted-server.js'
import type { Check, CheckTable, Trial } from './trial.js'
import { same } from './trial.js'
import { fromUTF8, utf8 } from './wire-cases.js'

const event = utf8('data: 1\n\n')
const MAX = 100
/** Of `size` UTF-16 code units in all: data, type and id. */
const eventOf = (size: number) => `event: type\nid: 0\ndata: ${'x'.repeat(size - 5)}\n\n`

/** How an attempt ends, and how it fails. */
export const endingChecks: CheckTable = ({ can, reconnects }) => [
  ...(reconnects ? reconnecting : ending),
  ...(can.has('status') ? seeing : blind),
  ...(can.has('status') && can.has('method') ? [created(reconnects)] : []),
  ...(can.has('size') || can.has('activity') ? sized : []),
  ...(can.has('activity') ? [unended] : []),
]

const ending: readonly Check[] = [
  [
    'ends when the server ends',
    async (trial) => {
      const { report } = await over(trial, { chunks: [event] }, 'open event end')
      same(report?.kind === 'end' && report.final, false, 'final')
    },
  ],
  [
    'ends when the server ends before any byte',
    async (trial) => {
      const { report } = await over(trial, {}, 'open end')
      same(report?.kind === 'end' && report.final, false, 'final')
    },
  ],
  [
    'fails when the connection breaks',
    async ({ serve, open, until }) => {
      const stream = await serve({ chunks: [event, utf8('data: 2')], after: 'hold' })
      const recorded = open(stream)
      await until('an event', () => recorded.of('event').length > 0)
      await stream.drop()
      await until('a failure', () => recorded.of('fail').length > 0)
      same(recorded.kinds(), 'open event fail', 'reports')
      sameError(recorded.reports.at(-1), { code: 'network', retryable: true })
    },
  ],
  [
    'fails when the server hangs up without an answer',
    async (trial) => {
      const { report } = await over(trial, { status: null }, 'fail')
      sameError(report, { code: 'network', retryable: true })
    },
  ],
]

const reconnecting: readonly Check[] = (['end', 'break'] as const).map((how) => [
  `says that it waits after the connection's ${how}, and resumes`,
  async ({ serve, open, until }) => {
    const first = { chunks: [utf8('retry: 1\nid: π-7\ndata: 1\n\n')], after: how === 'end' ? 'end' : 'hold' } as const
    const stream = await serve(first, { chunks: [utf8('data: 2\n\n')], after: 'hold' })
    const recorded = open(stream)
    await until('an event', () => recorded.of('event').length > 0)
    if (how === 'break') await stream.drop()
    await until('a second event', () => recorded.of('event').length > 1)
    same(recorded.kinds(), 'open event waiting open event', 'reports')
    same(recorded.of('open').map(({ info }) => info.resumed ?? null), [null, true], 'resumed')
    same(recorded.of('event').map(({ event: { lastEventId } }) => lastEventId), ['π-7', 'π-7'], 'ids')
    same(fromUTF8((await stream.requests())[1]?.headers['last-event-id']), 'π-7', 'Last-Event-ID')
  },
])

const refusal = utf8('no such stream')

/** With a view of the response. */
const seeing: readonly Check[] = [
  [
    'ends for good on 204',
    async (trial) => {
      const { report } = await over(trial, { status: 204 }, 'end')
      same(report?.kind === 'end' && report.final, true, 'final')
    },
  ],
  ...[
    ...[400, 401, 403, 404, 410].map((status) => ({ status, retryable: false })),
    ...[408, 425, 429, 500, 502, 503].map((status) => ({ status, retryable: true })),
  ].map(
    ({ status, retryable }): Check => [
      `fails on ${status}, ${retryable ? 'for now' : 'for good'}`,
      async (trial) => {
        const headers = { 'Content-Type': 'text/plain', 'Retry-After': '7' }
        const { report } = await over(trial, { status, headers, chunks: [refusal] }, 'fail')
        const code = status === 401 ? 'unauthorized' : 'status'
        sameError(report, { code, status, retryable, body: 'no such stream' })
        same(report?.kind === 'fail' && report.error.headers?.get('retry-after'), '7', 'Retry-After')
      },
    ],
  ),
  ...['text/html', 'text/plain', 'text/event-streams', 'application/json'].map(
    (type): Check => [
      `fails for good on ${type}`,
      async (trial) => {
        const { report } = await over(trial, { headers: { 'Content-Type': type }, chunks: [event] }, 'fail')
        sameError(report, { code: 'content-type', status: 200, retryable: false, body: 'data: 1\n\n' })
      },
    ],
  ),
  [
    'fails for good without a content type',
    async (trial) => {
      const { report } = await over(trial, { headers: {}, chunks: [event] }, 'fail')
      sameError(report, { code: 'content-type', status: 200, retryable: false })
    },
  ],
  [
    'lets a refusal go that does not end',
    async (trial) => {
      const endless = { status: 500, chunks: [new Uint8Array(100_000)], after: 'hold' } as const
      const { stream, report } = await over(trial, endless, 'fail')
      sameError(report, { code: 'status', status: 500, retryable: true })
      await trial.released(stream)
    },
  ],
]

const created = (reconnects: boolean): Check => [
  'opens on 201 for a POST, and not for a GET',
  async (trial) => {
    const answer = { status: 201, chunks: [event] }
    await over(trial, answer, reconnects ? 'open event waiting' : 'open event end', { method: 'POST', body: 'x' })
    const { report } = await over(trial, answer, 'fail')
    sameError(report, { code: 'status', status: 201, retryable: false })
  },
]

/** Without one. */
const blind: readonly Check[] = [204, 404, 503, 'text/html'].map((what) => [
  `fails on ${what}`,
  async (trial) => {
    const answer = typeof what === 'number' ? { status: what } : { headers: { 'Content-Type': what }, chunks: [event] }
    const { report } = await over(trial, answer, 'fail')
    same(report?.kind === 'fail' && typeof report.error.message, 'string', 'message')
  },
])

/** With a bound. */
const sized: readonly Check[] = [
  [
    'takes an event of maxEventSize',
    async ({ serve, open, until }) => {
      const stream = await serve({ chunks: [utf8(eventOf(MAX) + eventOf(MAX))], after: 'hold' })
      const recorded = open(stream, { maxEventSize: MAX })
      await until('two events', () => recorded.of('event').length > 1)
      same(recorded.kinds(), 'open event event', 'reports')
    },
  ],
  ...Object.entries({
    'in one chunk': [eventOf(MAX + 1)],
    'in pieces': eventOf(MAX + 1).match(/[^]{1,7}/g) ?? [],
    'in many lines': [`${'data: xx\n'.repeat(50)}\n`],
    'for its type': [`event: ${'x'.repeat(MAX)}\ndata: 1\n\n`],
    'for its id': [`id: ${'x'.repeat(MAX)}\ndata: 1\n\n`],
  }).map(
    ([how, pieces]): Check => [
      `fails an event that is too large, ${how}`,
      (trial) => tooLarge(trial, { chunks: [...pieces, 'data: 2\n\n'].map(utf8), after: 'hold' }),
    ],
  ),
]

const unended: Check = [
  'fails an event that is too large before it ends',
  (trial) => tooLarge(trial, { chunks: [utf8('data: '), utf8('x'.repeat(1_000))], after: 'hold' }),
]

async function tooLarge(trial: Trial, answer: ScriptedAnswer): Promise<void> {
  const { stream, report } = await over(trial, answer, 'open fail')
  sameError(report, { code: 'too-large', retryable: false })
  await trial.released(stream)
}

/** Waits for the attempt's last word and compares all that it reported. */
async function over({ serve, open, until }: Trial, answer: ScriptedAnswer, kinds: string, request?: AttemptRequest) {
  const stream = await serve(answer)
  const recorded = open(stream, { maxEventSize: MAX, ...request })
  const last = () => recorded.reports.find(({ kind }) => kind === 'end' || kind === 'fail' || kind === 'waiting')
  await until('its end or failure', () => last() !== undefined)
  same(recorded.kinds(), kinds, 'reports')
  return { stream, report: last() }
}

function sameError(report: AttemptReport | undefined, expected: Readonly<Record<string, unknown>>): void {
  const error: object = report?.kind === 'fail' ? report.error : {}
  const actual = Object.fromEntries(Object.keys(expected).map((name) => [name, Reflect.get(error, name)]))
  same(actual, expected, 'error')
}
