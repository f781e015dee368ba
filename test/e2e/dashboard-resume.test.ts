import { describe, expect, it } from 'vitest'
import { createFeed } from '../../examples/dashboard/feed.js'
import { createReplayBuffer } from '../../examples/dashboard/replay-buffer.js'
import { NOTHING_YET, step } from '../../examples/dashboard/state.js'
import type { DashboardEvent } from '../../examples/dashboard/state.js'
import { createVirtualClock } from '../../src/protocol/virtual-clock.js'
import { connect, connectionsAre, createCountingSampler, post, releases, start } from './dashboard-client.js'

describe('resuming', () => {
  it('replays what came after the Last-Event-ID header, each id once and in order', async () => {
    const { url, server, clock } = await start()
    const before = await connect(`${url}/events`)
    await clock.advance(200)
    await before.until(() => before.cpus.length === 2)
    before.leave()
    await connectionsAre(server, 0)
    await clock.advance(300)

    const after = await connect(`${url}/events`, { 'Last-Event-ID': before.ids.at(-1) ?? '' })
    await clock.advance(100)
    await after.until(() => after.cpus.length === 4)
    expect(after.cpus).toEqual([3, 4, 5, 6])
    const numbers = [...before.ids, ...after.ids].map((id) => Number(id.split('-')[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index))
    expect(after.text).not.toContain('snapshot')
  })

  it('takes the cursor from the query where a header can not be set', async () => {
    const { url, clock } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await first.until(() => first.cpus.length === 3)
    const second = await connect(`${url}/events?lastEventId=${first.ids[2] ?? ''}`)
    await second.until(() => second.cpus.length === 2)
    expect(second.cpus).toEqual([2, 3])
  })

  it('prefers the header, which the reconnects of a browser bring up to date', async () => {
    const { url, clock } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await first.until(() => first.cpus.length === 3)
    const [older = '', , , newer = ''] = first.ids
    const second = await connect(`${url}/events?lastEventId=${older}`, { 'Last-Event-ID': newer })
    await second.until(() => second.cpus.length === 1)
    expect(second.cpus).toEqual([3])
  })

  it('tells a client without a cursor where things stand, and then what changes', async () => {
    const { url, clock } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await first.until(() => first.cpus.length === 3)
    const sampled = first.events.flatMap(({ type, data }) => (type === 'metrics' ? [data] : []))
    expect(sampled).toHaveLength(3)
    const second = await connect(`${url}/events`)
    await clock.advance(100)
    await second.until(() => second.cpus.length > 0)
    const at = clock.now()
    expect(second.events.map(({ type, data }) => [type, data])).toEqual([
      ['snapshot', { machine: { cores: 4, memory: 2 }, samples: sampled, viewers: 1, deploy: null, at: at - 100 }],
      ['viewers', { count: 2, at: at - 100 }],
      ['metrics', { cpu: 4, memory: 1, loopDelay: { meanMs: 0, maxMs: 0 }, at }],
    ])
    expect(second.ids).toEqual(first.ids.slice(-3))
  })

  it('makes of a snapshot and what follows what the server has itself', async () => {
    const { url, clock, server } = await start()
    const first = await connect(`${url}/events`)
    await clock.advance(300)
    await post(`${url}/trouble/restart`)
    await first.until(() => first.over !== null)
    await connectionsAre(server, 0)
    const second = await connect(`${url}/events`)
    await clock.advance(200)
    await second.until(() => second.cpus.length === 2)
    // A seam: the server says that these are its events.
    const events = second.events as DashboardEvent[]
    expect(events.reduce(step, NOTHING_YET)).toEqual({
      machine: { cores: 4, memory: 2 },
      samples: [1, 2, 3, 4, 5].map((cpu) => expect.objectContaining({ cpu })),
      viewers: 1,
      deploy: { phase: 'done', at: clock.now() - 200 },
    })
  })

  it('keeps a bounded number of events, and tells who comes for more where things stand', async () => {
    const { url, clock } = await start({ bufferSize: 5 })
    const first = await connect(`${url}/events`)
    await clock.advance(2000)
    await first.until(() => first.cpus.length === 20)
    const [tooOld, justKept] = [first.ids.at(-7) ?? '', first.ids.at(-5) ?? '']
    const second = await connect(`${url}/events`, { 'Last-Event-ID': justKept })
    await second.until(() => second.text.includes('event: viewers'))
    expect(second.cpus).toEqual([17, 18, 19, 20])
    const third = await connect(`${url}/events`, { 'Last-Event-ID': tooOld })
    await third.until(() => third.text.includes('event: viewers'))
    expect(third.events.map(({ type }) => type)).toEqual(['snapshot', 'viewers'])
  })

  it.each([
    ['from another run', 'zzzz-2', null],
    ['that is no id of ours', 'nonsense', null],
    ['that is no number', 'run-x', null],
    ['from the future', 'run-5', null],
    ['that is no longer followed by all', 'run-0', null],
    ['from before the oldest', 'run-1', ['run-2', 'run-3', 'run-4']],
    ['of the newest but one', 'run-3', ['run-4']],
    ['of the newest', 'run-4', []],
  ])('knows what came after a cursor %s', (_, cursor, ids) => {
    const buffer = createReplayBuffer(3, 'run')
    expect(buffer.lastId).toBe('run-0')
    for (const data of ['a', 'b', 'c', 'd']) buffer.append('message', data, 0)
    expect(buffer.lastId).toBe('run-4')
    expect(buffer.after(cursor)?.map((event) => event.id) ?? null).toEqual(ids)
  })

  it('misses nothing when another server takes over the feed', async () => {
    const clock = createVirtualClock({ now: 1_700_000_000_000 })
    const feed = createFeed({ clock, sampler: createCountingSampler(), sampleMs: 100 })
    releases.push(() => feed.stop())
    const first = await start({ clock, feed })
    const before = await connect(`${first.url}/events`)
    await clock.advance(200)
    await before.until(() => before.cpus.length === 2)
    await first.server.close()
    await before.until(() => before.over !== null)
    expect(before.over).toBe('end')
    await clock.advance(200)

    const second = await start({ clock, feed })
    const after = await connect(`${second.url}/events`, { 'Last-Event-ID': before.ids.at(-1) ?? '' })
    await clock.advance(100)
    await after.until(() => after.cpus.length === 3)
    expect([...before.cpus, ...after.cpus]).toEqual([1, 2, 3, 4, 5])
    const numbers = [...before.ids, ...after.ids].map((id) => Number(id.split('-')[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index))
    const deploys = [...before.events, ...after.events].flatMap(({ type, data }) => (type === 'deploy' ? [data] : []))
    const at = clock.now()
    expect(deploys).toEqual([
      { phase: 'starting', at: at - 300 },
      { phase: 'done', at: at - 100 },
    ])
  })
})
