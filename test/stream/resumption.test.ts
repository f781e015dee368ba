import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StreamOptions } from 'eventwire/core'
import { harness } from '../client/harness.js'

beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue())
afterEach(() => vi.restoreAllMocks())

/** What a reader is told of a stream that comes back, and of what comes then. */
async function resume(options: StreamOptions, headers: Record<string, string>, events: string, before = 'id: 7\ndata: 1\n\n') {
  const { client, clock, transport } = harness({ retry: { jitter: false } })
  const told: unknown[] = []
  client.subscribe('/events', { ...options, onResume: (resumption) => told.push(resumption) })
  const first = await transport.connected()
  first.sendBytes(before)
  first.drop()
  await clock.advance(1_000)
  const second = await transport.attempted()
  second.respond(200, { 'Content-Type': 'text/event-stream', ...headers })
  second.sendBytes(events)
  return told
}

const none = { resumed: true, gapPossible: false }
const some = { resumed: true, gapPossible: true }
const belied = { resumed: false, gapPossible: true }

describe('what onResume says of a gap', () => {
  it.each<[string, StreamOptions, Record<string, string>, string, unknown[]]>([
    ['nobody vouches', {}, {}, 'id: 8\ndata: 2\n\n', [some]],
    ['the option vouches', { replays: true }, {}, 'id: 8\ndata: 2\n\n', [none]],
    ['the option says that it does not', { replays: false }, {}, '', [some]],
    ['the answer vouches', {}, { 'Last-Event-ID': '7' }, 'id: 8\ndata: 2\n\n', [none]],
    ['the answer outranks the option', { replays: true }, { 'Last-Event-ID': 'earliest' }, '', [some]],
    ['and the other way', { replays: false }, { 'Last-Event-ID': '7' }, '', [none]],
    ['ids that begin anew belie it', { replays: true }, {}, 'id: 1\ndata: 2\n\nid: 2\ndata: 3\n\n', [none, belied]],
    ['events without ids belie nothing', { replays: true }, {}, 'data: 2\n\ndata: 3\n\n', [none]],
    ['ids that are no numbers belie nothing', { replays: true }, {}, 'id: b\ndata: 2\n\n', [none]],
  ])('%s', async (_, options, headers, events, told) => {
    expect(await resume(options, headers, events)).toEqual(told)
  })

  it('an id that comes again with other data belies it, and development says so once', async () => {
    const told = await resume({ replays: true }, {}, 'id: c\ndata: 3\n\nid: b\ndata: 9\n\n', 'id: a\ndata: 1\n\nid: b\ndata: 2\n\n')
    expect(told).toEqual([none, belied])
    expect(vi.mocked(console.warn).mock.calls).toEqual([[expect.stringMatching(/does not replay/)]])
  })

  it('a cursor of other letters is compared as the header has it', async () => {
    const bytes = String.fromCharCode(...new TextEncoder().encode('π-7'))
    expect(await resume({}, { 'Last-Event-ID': bytes }, '', 'id: π-7\ndata: 1\n\n')).toEqual([none])
  })

  it('the option no longer counts once it was belied', async () => {
    const { client, clock, transport } = harness({ retry: { jitter: false } })
    const told: unknown[] = []
    client.subscribe('/events', { replays: true, onResume: ({ gapPossible }) => told.push(gapPossible) })
    for (const id of [5, 1, 2]) {
      const stream = await transport.connected()
      stream.sendBytes(`id: ${id}\ndata: 1\n\n`)
      stream.drop()
      await clock.advance(30_000)
    }
    expect(told).toEqual([false, true, true])
  })
})

it('functions for headers are told why they are asked, and when nobody waits any more', async () => {
  const { client, clock, transport } = harness({ retry: { jitter: false } })
  const asked: [string, AbortSignal][] = []
  const reader = client.subscribe('/events', { headers: ({ reason, signal }) => (asked.push([reason, signal]), {}) })
  const first = await transport.connected()
  first.drop()
  await clock.advance(1_000)
  ;(await transport.attempted()).respond(401)
  await transport.connected()
  expect(asked.map(([reason]) => reason)).toEqual(['connect', 'reconnect', 'unauthorized'])
  expect(asked[0]?.[1].aborted).toBe(true)
  reader.unsubscribe()
  await clock.advance(0)
  expect(asked.map(([, signal]) => signal.aborted)).toEqual([true, true, true])
})
