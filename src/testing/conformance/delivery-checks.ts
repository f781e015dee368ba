import type { RawEvent } from 'eventwire/core'
import type { Check, CheckTable, Trial } from './trial.js'
import type { WireCase } from './wire-cases.js'
import { same } from './trial.js'
import { utf8 } from './wire-cases.js'

/** What arrives. */
export const deliveryChecks: CheckTable = ({ can, reconnects, cases }) => [
  [
    'opens before it delivers',
    async ({ serve, open, until }) => {
      const recorded = open(await serve({ chunks: [utf8('data: 1\n\n')], after: 'hold' }))
      await until('an event', () => recorded.of('event').length > 0)
      same(recorded.kinds(), 'open event', 'reports')
      const info = recorded.of('open')[0]?.info
      if (can.has('status'))
        same([info?.status, info?.headers?.get('content-type')], [200, 'text/event-stream'], 'status and content type')
    },
  ],
  [
    'opens before anything arrives',
    async ({ serve, open, until }) => {
      const recorded = open(await serve({ after: 'hold' }))
      await until('open', () => recorded.kinds() === 'open')
    },
  ],
  ...Object.entries({
    'with parameters': 'Text/Event-Stream; charset=UTF-8',
    // For EventSource engines differ.
    ...(can.has('status') && { 'that ends a list': 'application/json, text/event-stream' }),
  }).map(
    ([what, type]): Check => [
      `takes a content type ${what}`,
      async ({ serve, open, until }) => {
        const recorded = open(await serve({ headers: { 'Content-Type': type }, after: 'hold' }))
        await until('open', () => recorded.kinds() === 'open')
      },
    ],
  ),
  [
    'keeps attempts apart',
    async ({ serve, open, until }) => {
      const streams = ['a', 'b'].map((id) => serve({ chunks: [utf8(`id: ${id}\ndata: 1\n\n`)], after: 'hold' }))
      const attempts = (await Promise.all(streams)).map((stream) => open(stream))
      await until('an event each', () => attempts.every((recorded) => recorded.of('event').length > 0))
      const ids = attempts.map((recorded) => recorded.of('event').map(({ event }) => event.lastEventId))
      same(ids, [['a'], ['b']], 'ids')
    },
  ],
  [
    'delivers types that are named as its own events are',
    async ({ serve, open, until }) => {
      const types = ['open', 'error', 'close', 'end']
      const recorded = open(
        await serve({ chunks: types.map((type) => utf8(`event: ${type}\ndata: 1\n\n`)), after: 'hold' }),
        { types },
      )
      await until('the events', () => recorded.of('event').length >= types.length)
      same(recorded.of('event').map(({ event }) => event.type), types, 'types')
      same(recorded.kinds(), 'open event event event event', 'reports')
    },
  ],
  [
    'delivers once what it is told of twice, and told of late',
    async ({ serve, open, until }) => {
      const chunks = [utf8('event: a\ndata: 1\n\nevent: b\ndata: 2\n\n')]
      const listen: Parameters<typeof open>[2] = ({ kind }, { attempt }) => {
        if (kind === 'open') attempt.listen('b')
      }
      const recorded = open(await serve({ chunks, after: 'hold' }), { types: ['a', 'message'] }, listen)
      recorded.attempt.listen('a')
      recorded.attempt.listen('message')
      await until('the events', () => recorded.of('event').length >= 2)
      same(recorded.of('event').map(({ event }) => event.type), ['a', 'b'], 'types')
    },
  ],
  ...cases.map((one): Check => [`delivers ${one.name}`, (trial) => delivers(trial, one, reconnects)]),
  ...(can.has('activity') ? [activity(reconnects)] : []),
  ...(can.has('comments') ? [comments(reconnects)] : []),
  ...(can.has('pause') ? [pause(reconnects)] : []),
]

/** How an attempt says that the server's answer has ended. */
const endOf = (reconnects: boolean) => (reconnects ? 'waiting' : 'end')

const comments = (reconnects: boolean): Check => [
  'tells of comments, within events and between them',
  async ({ serve, open, until }) => {
    const chunks = [': beat\n\n', 'data: 1\n: within\n\n', ':\n'].map(utf8)
    const recorded = open(await serve({ chunks }))
    await until('the end', () => recorded.of(endOf(reconnects)).length > 0)
    // One a chunk is enough, and chunks may arrive together.
    const [first] = recorded.of('comment')
    same(first?.text, 'beat', 'the first comment')
  },
]

const activity = (reconnects: boolean): Check => [
  'reports every byte, comments included',
  async ({ serve, open, until }) => {
    const chunks = [': 1\n', 'data: 1\n\n', ':\n\n'].map(utf8)
    const recorded = open(await serve({ chunks }))
    await until('the end', () => recorded.of(endOf(reconnects)).length > 0)
    const bytes = recorded.of('activity').reduce((sum, one) => sum + (one.bytes ?? 0), 0)
    same(bytes, chunks.reduce((sum, chunk) => sum + chunk.length, 0), 'bytes')
  },
]

const pause = (reconnects: boolean): Check => [
  'pauses and loses nothing',
  async ({ serve, open, until }) => {
    // More than what one read gives, so that some is left when the first event holds it.
    const chunks = Array.from({ length: 64 }, () => utf8(`data: ${'x'.repeat(65_536)}\n\n`))
    const recorded = open(await serve({ chunks }), {}, ({ kind }, { attempt, of }) => {
      if (kind === 'event' && of('event').length === 1) attempt.pause?.()
    })
    await until('an event', () => recorded.of('event').length > 0)
    const other = open(await serve({ chunks }))
    await until('another attempt to end meanwhile', () => other.of(endOf(reconnects)).length > 0)
    same(recorded.of(endOf(reconnects)).length, 0, 'ends while paused')
    same(recorded.of('event').length < chunks.length, true, 'held back while paused')
    recorded.attempt.resume?.()
    await until('the end', () => recorded.of(endOf(reconnects)).length > 0)
    same(recorded.of('event').length, chunks.length, 'events')
  },
]

const fields = ({ type, data, lastEventId }: RawEvent) => [type, data, lastEventId]

/** In one chunk, and byte after byte. */
async function delivers({ transport, serve, open, until }: Trial, one: WireCase, reconnects: boolean): Promise<void> {
  const { bytes, events, retries = [], lastEventId = events.at(-1)?.lastEventId ?? '' } = one
  const types = transport.can.has('all-types') ? [] : [...new Set(events.map(({ type }) => type))]
  const cuts = [[bytes], ...(bytes.length < 1_000 ? [Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))] : [])]
  for (const chunks of cuts) {
    const recorded = open(await serve({ chunks }), { types })
    // A stream that ends in the middle of an event has ended, or was interrupted, for who can tell.
    const over = reconnects ? (['waiting'] as const) : (['end', 'fail'] as const)
    await until(`${over[0]} after the last event`, () => over.some((kind) => recorded.of(kind).length > 0))
    const how = chunks.length > 1 ? ', byte after byte' : ''
    same(recorded.of('event').map(({ event }) => fields(event)), events.map(fields), `events${how}`)
    recorded.close()
    // What reconnects by itself keeps these to itself.
    if (reconnects) continue
    same(recorded.of('retry').map(({ ms }) => ms), retries, `retry${how}`)
    const moves = recorded.reports.flatMap((report) =>
      report.kind === 'event' ? report.event.lastEventId : report.kind === 'cursor' ? report.lastEventId : [],
    )
    same(moves.at(-1) ?? '', lastEventId, `last event ID${how}`)
  }
}
