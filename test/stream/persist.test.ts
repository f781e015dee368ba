import type { PersistOptions, SSEClient, SubscribeOptions } from 'eventwire/core'
import { createVirtualPage } from 'eventwire/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'
import { asyncStorage, keyValueStorage, webStorage } from './storages.js'

afterEach(() => vi.unstubAllGlobals())

const KEPT: SubscribeOptions = { history: 3 }

/** A storage that answers later has answered. */
async function written() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A page that reads one stream: what comes after it is a reload, with the same storage. */
function load(persist: PersistOptions, options: SubscribeOptions = KEPT, url = '/events') {
  const page = createVirtualPage()
  const parts = harness({ page })
  const onReset = vi.fn()
  const onResume = vi.fn()
  const reader = parts.client.subscribe(url, { ...options, persist, onReset, onResume })
  /** As a browser ends a page. */
  const leave = async () => {
    page.leave()
    await written()
  }
  return { ...parts, page, reader, onReset, onResume, leave }
}

const ids = (client: SSEClient) => client.streams().length
const STORAGES = { webStorage, asyncStorage, keyValueStorage }

describe.each(Object.entries(STORAGES))('over %s', (_, create) => {
  it('a reload shows what was shown, and asks only for what is missing', async () => {
    const storage = create()
    const before = load({ key: 'orders', storage })
    const stream = await before.transport.connected()
    for (const id of [1, 2, 3, 4]) stream.send({ id: `${id}`, type: id === 1 ? 'first' : 'message', data: id })
    await before.leave()
    const after = load({ key: 'orders', storage })
    const connection = await after.transport.attempted()
    expect(connection.request.lastEventId).toBe('4')
    const snapshot = after.reader.getSnapshot()
    expect(snapshot).toMatchObject({ data: 4, lastEventId: '4', status: 'connecting' })
    expect(snapshot.history.map(({ data }) => data)).toEqual([2, 3, 4])
    expect(snapshot.latest).toMatchObject({ first: { data: 1 }, message: { data: 4 } })
    connection.send({ id: '5', data: 5 })
    await after.clock.advance(16)
    expect(after.reader.getSnapshot().history.map(({ data }) => data)).toEqual([3, 4, 5])
    // Whether the server replays nobody vouched for.
    expect(after.onResume.mock.calls).toEqual([[{ resumed: true, gapPossible: true }]])
  })

  it('is written at most once a second, each time whole', async () => {
    const storage = create()
    const texts: string[] = []
    storage.records.set = (name, text) => {
      if (name === 'eventwire:orders') texts.push(text)
      return Map.prototype.set.call(storage.records, name, text) as Map<string, string>
    }
    const { clock, transport } = load({ key: 'orders', storage })
    const stream = await transport.connected()
    for (let id = 1; id <= 100; id++) {
      stream.send({ id: `${id}`, data: id })
      await clock.advance(50)
    }
    await written()
    expect(texts.length).toBeGreaterThanOrEqual(4)
    expect(texts.length).toBeLessThanOrEqual(6)
    for (const text of texts) {
      const { cursor, events } = JSON.parse(text) as { cursor: string; events: [string, string, string][] }
      expect(events.at(-1)?.[2]).toBe(cursor)
    }
  })

  it('closeAll removes every record, of streams that nobody reads too', async () => {
    const storage = create()
    const other = load({ key: 'other', storage }, KEPT, '/other')
    ;(await other.transport.connected()).send({ id: '1', data: 1 })
    await other.leave()
    const page = load({ key: 'orders', storage })
    ;(await page.transport.connected()).send({ id: '1', data: 1 })
    await page.clock.advance(1_000)
    await written()
    expect([...storage.records.keys()].sort()).toEqual(['eventwire', 'eventwire:orders', 'eventwire:other'])
    page.client.closeAll()
    await page.clock.advance(5_000)
    await written()
    expect([...storage.records.keys()]).toEqual([])
    expect(page.clock.pending).toBe(0)
    expect(ids(page.client)).toBe(0)
  })

  it('what is still being written when the user logs out is written for nobody', async () => {
    const storage = create()
    const { client, clock, page, reader, transport } = load({ key: 'orders', storage })
    ;(await transport.connected()).send({ id: '1', data: { of: 'old' } })
    // The last reader goes, and its stream with it: the write is under way.
    reader.unsubscribe()
    await Promise.resolve()
    client.closeAll()
    await written()
    expect([...storage.records]).toEqual([])
    client.subscribe('/events', { ...KEPT, persist: { key: 'orders', storage } })
    const stream = await transport.connected()
    expect(stream.request.lastEventId).toBe('')
    stream.send({ id: '2', data: { of: 'new' } })
    page.leave()
    await written()
    const records = [...storage.records].join()
    expect([records.includes('old'), records.includes('new')]).toEqual([false, true])
    client.closeAll()
    await clock.advance(0)
  })

  it('a record that another tab removed is not written again until the stream is open again', async () => {
    const storage = create()
    const { clock, transport } = load({ key: 'orders', storage })
    const stream = await transport.connected()
    stream.send({ id: '1', data: 1 })
    await clock.advance(1_000)
    await written()
    storage.records.clear()
    stream.send({ id: '2', data: 2 })
    await clock.advance(5_000)
    await written()
    stream.send({ id: '3', data: 3 })
    await clock.advance(5_000)
    await written()
    expect(storage.records.size).toBe(0)
    stream.drop()
    await clock.advance(5_000)
    ;(await transport.connected()).send({ id: '4', data: 4 })
    await clock.advance(1_000)
    await written()
    expect(JSON.parse(storage.records.get('eventwire:orders') ?? '')).toMatchObject({ cursor: '4' })
  })
})

describe('what is not there', () => {
  async function record(persist: PersistOptions, options?: SubscribeOptions) {
    const { transport, leave } = load(persist, options)
    ;(await transport.connected()).send({ id: '7', data: 7 })
    await leave()
  }
  async function cursorAfter(persist: PersistOptions, options?: SubscribeOptions, url?: string) {
    const { transport, reader } = load(persist, options, url)
    const { request } = await transport.attempted()
    return [request.lastEventId, reader.getSnapshot().data]
  }

  it('is written when the page is hidden: what nobody sees may be killed without a word', async () => {
    const storage = webStorage()
    const { transport, page } = load({ key: 'a', storage })
    const stream = await transport.connected()
    stream.send({ id: '7', data: 7 })
    expect(storage.records.has('eventwire:a')).toBe(false)
    page.show(false)
    expect(storage.records.get('eventwire:a')).toContain('"cursor":"7"')
  })

  it('after a logout nothing is written, whatever the page does, until the stream is open again', async () => {
    const storage = webStorage()
    const { client, clock, transport, page, reader } = load({ key: 'a', storage })
    ;(await transport.connected()).send({ id: '7', data: 7 })
    await clock.advance(1_000)
    client.closeAll()
    reader.reconnect()
    // An event of who was there before, as far as anyone knows.
    const next = await transport.attempted()
    page.show(false)
    page.show(true)
    await clock.advance(5_000)
    expect([...storage.records]).toEqual([])
    next.send({ id: '8', data: 8 })
    await clock.advance(1_000)
    expect(storage.records.get('eventwire:a')).toContain('"cursor":"8"')
  })

  it('another version, another identity, too old, unreadable: as if none', async () => {
    const storage = webStorage()
    await record({ key: 'a', storage, version: 1 })
    expect(await cursorAfter({ key: 'a', storage, version: 1 })).toEqual(['7', 7])
    expect(await cursorAfter({ key: 'a', storage, version: 2 })).toEqual(['', null])
    expect(await cursorAfter({ key: 'a', storage, version: 1 }, { headers: { 'X-User': 'b' } })).toEqual(['', null])
    expect(await cursorAfter({ key: 'a', storage, version: 1 }, {}, '/others')).toEqual(['', null])
    expect(await cursorAfter({ key: 'a', storage, version: 1, maxAgeMs: 60_000 })).toEqual(['7', 7])
    const old = JSON.parse(storage.records.get('eventwire:a') ?? '') as { at: number }
    storage.records.set('eventwire:a', JSON.stringify({ ...old, at: old.at - 61_000 }))
    expect(await cursorAfter({ key: 'a', storage, version: 1, maxAgeMs: 60_000 })).toEqual(['', null])
    const damaged = [
      { form: 99 },
      { cursor: undefined },
      { cursor: 7 },
      { at: 'now' },
      { events: undefined },
      { events: {} },
      { events: [null] },
      { events: [[]] },
      { events: [['message', 7, '7', 0, true]] },
      { states: undefined },
      { states: null },
      { states: { sum: null } },
      { states: { sum: ['7'] } },
      { states: { sum: ['7', '{'] } },
    ].map((part) => JSON.stringify({ ...old, ...part }))
    for (const broken of ['', '{', 'null', '5', '[]', '{"form":1}', ...damaged]) {
      storage.records.set('eventwire:a', broken)
      expect(await cursorAfter({ key: 'a', storage, version: 1 })).toEqual(['', null])
    }
  })

  it('a function for headers is no other identity: a token that is new every day keeps the record', async () => {
    const storage = webStorage()
    await record({ key: 'a', storage }, { headers: () => ({ Authorization: 'monday' }) })
    expect(await cursorAfter({ key: 'a', storage }, { headers: () => ({ Authorization: 'tuesday' }) })).toEqual(['7', 7])
  })

  it('no secret is in it', async () => {
    const storage = webStorage()
    await record({ key: 'a', storage }, { headers: { Authorization: 'hunter2-hunter2' } })
    expect(storage.records.size).toBe(2)
    expect([...storage.records].flat().join()).not.toContain('hunter2')
  })

  it('what does not fit goes, the oldest first; the cursor and the rest stay', async () => {
    const storage = webStorage()
    const { transport, leave } = load({ key: 'a', storage, maxBytes: 2_000 }, { history: 100 })
    const stream = await transport.connected()
    for (let id = 1; id <= 100; id++) stream.send({ id: `${id}`, data: { text: 'x'.repeat(100) } })
    await leave()
    expect(storage.records.get('eventwire:a')?.length).toBeLessThanOrEqual(2_000)
    const after = load({ key: 'a', storage }, { history: 100 })
    expect(after.reader.getSnapshot().history.length).toBeGreaterThan(2)
    expect(after.reader.getSnapshot().history.at(-1)?.lastEventId).toBe('100')
  })
})

describe('a storage that fails', () => {
  it.each<[string, Partial<ReturnType<typeof webStorage>>]>([
    ['throws when it is read', { getItem: () => { throw new Error('denied') } }],
    ['is full', { setItem: () => { throw new Error('QuotaExceededError') } }],
    ['rejects', { getItem: () => Promise.reject(new Error('denied')), setItem: () => Promise.reject(new Error('full')) }],
  ])('that %s: the stream goes on, and it is told once', async (_, broken) => {
    const storage = { ...webStorage(), ...broken }
    const { clock, transport, reader, uncaught } = load({ key: 'a', storage })
    const stream = await transport.connected()
    for (let id = 1; id <= 5; id++) {
      stream.send({ id: `${id}`, data: id })
      await clock.advance(2_000)
    }
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 5 })
    expect(uncaught.map(String)).toEqual([expect.stringMatching(/persist could not use its storage/)])
  })

  it('that never answers: the stream waits a second, and no more', async () => {
    const storage = { ...webStorage(), getItem: () => new Promise<string | null>(() => {}) }
    const { clock, transport, uncaught } = load({ key: 'a', storage })
    await clock.advance(999)
    expect(transport.connections).toHaveLength(0)
    await clock.advance(1)
    expect(transport.connections).toHaveLength(1)
    expect(uncaught.map(String)).toEqual([expect.stringMatching(/waited a second for its storage, in vain/)])
  })

  it('where there is none, nothing is kept and nothing said', async () => {
    const { clock, transport, uncaught } = load({ key: 'a' })
    ;(await transport.connected()).send({ id: '1', data: 1 })
    await clock.advance(5_000)
    expect([uncaught, clock.pending]).toEqual([[], 0])
  })

  it('the default is sessionStorage; where it is forbidden the stream goes on', async () => {
    const storage = webStorage()
    vi.stubGlobal('sessionStorage', storage)
    const { transport, leave } = load({ key: 'a' })
    ;(await transport.connected()).send({ id: '1', data: 1 })
    await leave()
    expect(storage.records.has('eventwire:a')).toBe(true)
    vi.unstubAllGlobals()
    Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, get: () => { throw new Error('SecurityError') } })
    const forbidden = load({ key: 'a' })
    ;(await forbidden.transport.connected()).send({ id: '1', data: 1 })
    forbidden.client.closeAll()
    Reflect.deleteProperty(globalThis, 'sessionStorage')
    expect(forbidden.uncaught.map(String)[0]).toMatch(/persist could not use its storage/)
  })
})

it('a cursor that the server finds too old starts over: data, history and record', async () => {
  const storage = webStorage()
  const before = load({ key: 'a', storage })
  ;(await before.transport.connected()).send({ id: '7', data: 7 })
  await before.leave()
  const after = load({ key: 'a', storage })
  ;(await after.transport.attempted()).respond(410)
  expect(after.onReset.mock.calls).toEqual([[{ reason: 'status' }]])
  const { request } = await after.transport.connected()
  expect([request.lastEventId, after.reader.getSnapshot().data]).toEqual(['', null])
  await after.clock.advance(1_000)
  expect(storage.records.has('eventwire:a')).toBe(false)
})

it('two tabs: a reload takes the newest whole record', async () => {
  const storage = webStorage()
  const one = load({ key: 'a', storage })
  const two = load({ key: 'a', storage })
  ;(await one.transport.connected()).send({ id: '1', data: 1 })
  const stream = await two.transport.connected()
  stream.send({ id: '1', data: 1 })
  stream.send({ id: '2', data: 2 })
  await two.leave()
  await one.leave()
  const after = load({ key: 'a', storage })
  expect((await after.transport.attempted()).request.lastEventId).toBe(String(after.reader.getSnapshot().data))
})
