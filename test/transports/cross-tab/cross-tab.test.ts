/** Tabs here are clients of one program, over its real channels and locks; real tabs are in test/e2e/cross-tab.test.ts. */
import type { EventSourceLike } from 'eventwire/native'
import { createRequire } from 'node:module'
import { fetchTransport, text } from 'eventwire/core'
import { crossTabTransport } from 'eventwire/cross-tab'
import { nativeTransport } from 'eventwire/native'
import { createVirtualClock, createVirtualPage } from 'eventwire/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { holdChannels } from './held-channels.js'
import type { ServedStream } from './served-stream.js'
import { serveStream } from './served-stream.js'
import type { Tab, TabOptions } from './tab.js'
import { openTab } from './tab.js'

// A seam: npm's eventsource has no types.
const Polyfill = createRequire(import.meta.url)('eventsource') as new (url: string) => EventSourceLike

/** What is awaited comes within milliseconds, unless the machine is busy. */
const soon = <T>(holds: () => T | Promise<T>) => vi.waitFor(holds, { timeout: 10_000, interval: 5 })

let server: ServedStream
let askedAt = 0
const tabs: Tab[] = []

function tab(options: Partial<TabOptions> = {}): Tab {
  const opened = openTab({ url: server.url, ...options })
  tabs.push(opened)
  return opened
}

/** So many tabs, the first of which owns the connection. */
async function open(count: number, options: Partial<TabOptions> = {}): Promise<Tab[]> {
  const opened: Tab[] = []
  for (let left = count; left > 0; left--) {
    const next = tab(options)
    opened.push(next)
    await soon(() => expect(next.snapshot().status).toBe('open'))
    askedAt = Date.now()
  }
  return opened
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  server = await serveStream()
  vi.stubGlobal('location', { href: `${server.origin}/page`, origin: server.origin })
})

afterEach(async () => {
  for (const opened of tabs.splice(0)) opened.leave()
  // Nobody is left in line for a stream, nor any connection.
  await soon(async () => expect(await navigator.locks.query()).toEqual({ held: [], pending: [] }))
  await soon(() => expect(server.open).toBe(0))
  await server.close()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('one connection for all tabs', () => {
  it('ten tabs ask once, and hear everything once and in order', async () => {
    const ten = await open(10)
    server.sendMany(100)
    for (const { heard } of ten) await soon(() => expect(heard).toEqual(numbers(1, 100)))
    expect(server.requests).toHaveLength(1)
    expect(ten.map(({ isOwner }) => isOwner)).toEqual([true, ...Array.from({ length: 9 }, () => false)])
    await soon(() => expect(ten.every(({ snapshot }) => snapshot().lastEventId === '100')).toBe(true))
  })

  it('one that comes late has the state and the newest at once', async () => {
    await open(1)
    server.sendMany(40)
    await soon(() => expect(tabs[0]?.heard).toHaveLength(40))
    const late = tab()
    await soon(() => expect(late.snapshot()).toMatchObject({ status: 'open', data: 40, lastEventId: '40' }))
    expect(late.heard).toEqual(numbers(25, 40))
    server.sendMany(1)
    await soon(() => expect(late.heard.at(-1)).toBe(41))
  })

  it('when the owner goes, another goes on from its own cursor: nothing lost, nothing doubled, no gap told', async () => {
    const [owner, ...others] = await open(5)
    server.sendMany(10)
    await soon(() => expect(others.every(({ heard }) => heard.length === 10)).toBe(true))
    owner?.leave()
    server.sendMany(10)
    for (const { heard } of others) await soon(() => expect(heard).toEqual(numbers(1, 20)))
    await soon(() => expect(others.filter(({ isOwner }) => isOwner)).toHaveLength(1))
    expect(server.requests.map(({ cursor }) => cursor)).toEqual(['', '10'])
    for (const { resumptions, statuses } of others) {
      await soon(() => expect(resumptions).toEqual([{ resumed: true, gapPossible: false }]))
      expect(statuses.at(-1)).toBe('open')
    }
  })

  it('a drop is one reconnect of the owner, and all tabs say the same', async () => {
    const three = await open(3)
    server.sendMany(3)
    await soon(() => expect(three.every(({ heard }) => heard.length === 3)).toBe(true))
    server.refuse(503, { 'Retry-After': '1' })
    server.drop()
    await soon(() => expect(server.requests).toHaveLength(2))
    await soon(() => expect(three.every(({ snapshot }) => snapshot().attempt === 2)).toBe(true))
    const [first] = three.map(({ snapshot }) => snapshot())
    expect(first).toMatchObject({ status: 'reconnecting', error: { code: 'status', status: 503 }, reconnectReason: 'error' })
    for (const { snapshot } of three) {
      const { status, attempt, retryAt, reconnectReason, error } = snapshot()
      expect({ status, attempt, retryAt, reconnectReason }).toEqual({
        status: 'reconnecting',
        attempt: 2,
        retryAt: first?.retryAt,
        reconnectReason: 'error',
      })
      expect(error?.message).toBe(first?.error?.message)
    }
    server.refuse(null)
    server.sendMany(2)
    for (const { heard } of three) await soon(() => expect(heard).toEqual(numbers(1, 5)))
    expect(server.requests.map(({ cursor }) => cursor)).toEqual(['', '3', '3'])
  })

  it("a clean end is planned, for all, with the server's own time", async () => {
    const two = await open(2)
    server.end()
    await soon(() => expect(two.every(({ snapshot }) => snapshot().reconnectReason === 'planned')).toBe(true))
    await soon(() => expect(two.every(({ snapshot }) => snapshot().status === 'open')).toBe(true))
    expect(server.requests).toHaveLength(2)
  })

  it('what the server refuses for good fails for all', async () => {
    const two = await open(2)
    server.refuse(403)
    server.drop()
    await soon(() => expect(two.every(({ snapshot }) => snapshot().status === 'failed')).toBe(true))
    expect(two.map(({ snapshot }) => snapshot().error?.status)).toEqual([403, 403])
    expect(server.requests).toHaveLength(2)
  })

  it('a 204 closes it for all', async () => {
    const two = await open(2)
    server.refuse(204)
    server.drop()
    await soon(() => expect(two.every(({ snapshot }) => snapshot().status === 'closed')).toBe(true))
    expect(server.requests).toHaveLength(2)
  })

  it('close() of one is its own', async () => {
    const [owner, other] = await open(2)
    other?.close()
    expect(other?.snapshot().status).toBe('closed')
    server.sendMany(1)
    await soon(() => expect(owner?.heard).toEqual([1]))
    expect(other?.heard).toEqual([])
    owner?.close()
    other?.open()
    await soon(() => expect(other?.snapshot().status).toBe('open'))
    server.sendMany(1)
    await soon(() => expect(other?.heard).toContain(2))
    expect(owner?.snapshot().status).toBe('closed')
  })

  it('closeAll() of one ends it in all', async () => {
    const three = await open(3)
    three[1]?.client.closeAll()
    await soon(() => expect(three.map(({ snapshot }) => snapshot().status)).toEqual(['closed', 'closed', 'closed']))
    await soon(() => expect(server.open).toBe(0))
    expect(server.requests).toHaveLength(1)
  })
})

describe('a place in the stream', () => {
  it('one that knows where it was goes on from there, out of what the owner keeps', async () => {
    await open(1)
    server.sendMany(10)
    await soon(() => expect(tabs[0]?.heard).toHaveLength(10))
    const back = tab({ lastEventId: '4' })
    await soon(() => expect(back.heard).toEqual(numbers(5, 10)))
    await soon(() => expect(back.snapshot().status).toBe('open'))
    expect(server.requests).toHaveLength(1)
  })

  it('one that fell out of it closes the gap by a short connection of its own', async () => {
    server.sendMany(5)
    await open(1)
    server.sendMany(600)
    await soon(() => expect(tabs[0]?.heard).toHaveLength(600))
    const back = tab({ lastEventId: '4' })
    await soon(() => expect(back.heard).toEqual(numbers(5, 605)))
    expect(server.requests.map(({ cursor }) => cursor)).toEqual(['', '4'])
    await soon(() => expect(server.open).toBe(1))
    server.sendMany(3)
    await soon(() => expect(back.heard).toEqual(numbers(5, 608)))
    await soon(() => expect(back.snapshot().status).toBe('open'))
  })

  it('is open once the owner is, whatever it was doing when that was said', async () => {
    server.sendMany(5)
    const [owner] = await open(1)
    server.sendMany(600)
    await soon(() => expect(owner?.heard).toHaveLength(600))
    server.hold()
    server.drop()
    await soon(() => expect(server.waiting).toBe(1))
    const back = tab({ lastEventId: '4' })
    await soon(() => expect(server.waiting).toBe(2))
    // The owner's answer comes while the other still waits for that of its own short connection.
    server.answer()
    await soon(() => expect(owner?.snapshot().status).toBe('open'))
    server.answer()
    await soon(() => expect(back.heard).toEqual(numbers(5, 605)))
    await soon(() => expect(back.snapshot().status).toBe('open'))
    await soon(() => expect(server.open).toBe(1))
  })

  it('a cursor that is too old starts over, and its own alone', async () => {
    await server.close()
    server = await serveStream({ oldest: 500 })
    server.sendMany(5)
    const [owner] = await open(1)
    server.sendMany(600)
    await soon(() => expect(owner?.heard).toHaveLength(600))
    const back = tab({ lastEventId: '4' })
    await soon(() => expect(back.snapshot().data).toBe(605))
    server.sendMany(1)
    await soon(() => expect(back.heard.at(-1)).toBe(606))
    expect(owner?.heard).toEqual(numbers(6, 606))
    expect(owner?.resumptions).toEqual([])
  })

  it.each([
    ['ids that never change', '1'],
    ['no ids', null],
  ])('%s: events of a stable owner are numbered, so that none is taken for another', async (_, id) => {
    const two = await open(2)
    for (let count = 0; count < 20; count++) server.send('"same"', { id })
    for (const { heard } of two) await soon(() => expect(heard).toHaveLength(20))
  })

  it('without ids a hand-over is a gap that is told', async () => {
    const [owner, other] = await open(2)
    server.send('1', { id: null })
    await soon(() => expect(other?.heard).toEqual([1]))
    owner?.leave()
    await soon(() => expect(other?.isOwner).toBe(true))
    await soon(() => expect(other?.resumptions).toEqual([{ resumed: false, gapPossible: true }]))
    server.send('2', { id: null })
    await soon(() => expect(other?.heard).toEqual([1, 2]))
  })
})

describe('who takes over', () => {
  /** An owner, one that is next in line and has no time for its messages since event 5, and one that heard all 10. */
  async function behind(sendMore = () => server.sendMany(5)) {
    const channels = holdChannels()
    const [owner] = await open(1)
    const slow = channels.group()
    const [next] = await open(1)
    channels.group()
    const [last] = await open(1)
    server.sendMany(5)
    await soon(() => expect(tabs.every(({ heard }) => heard.length === 5)).toBe(true))
    slow.hold()
    sendMore()
    await soon(() => expect(last?.heard).toHaveLength(server.sent.length))
    return { owner, next, last, slow }
  }

  it('is behind: it asks from where it is, and who is ahead hears nothing twice', async () => {
    const { owner, next, last, slow } = await behind()
    owner?.leave()
    await soon(() => expect(next?.isOwner).toBe(true))
    server.sendMany(5)
    for (const one of [next, last]) await soon(() => expect(one?.heard).toEqual(numbers(1, 15)))
    // What it had no time for is of an owner that is none any more.
    slow.release()
    server.sendMany(1)
    for (const one of [next, last]) await soon(() => expect(one?.heard).toEqual(numbers(1, 16)))
    expect(server.requests.map(({ cursor }) => cursor)).toEqual(['', '5'])
  })

  it('is behind, and the server replays nothing: who is ahead hears what is new', async () => {
    await server.close()
    server = await serveStream({ replays: false })
    const { owner, next, last } = await behind()
    owner?.leave()
    await soon(() => expect(next?.isOwner).toBe(true))
    await soon(() => expect(server.open).toBe(1))
    server.sendMany(2)
    await soon(() => expect(last?.heard).toEqual(numbers(1, 12)))
    await soon(() => expect(next?.heard).toEqual([...numbers(1, 5), 11, 12]))
    for (const one of [next, last]) await soon(() => expect(one?.resumptions).toEqual([{ resumed: true, gapPossible: true }]))
  })

  it('is behind, and the server replays only what has an id: who is ahead hears nothing twice', async () => {
    const { owner, next, last } = await behind(() => {
      for (let count = 0; count < 3; count++) {
        server.sendMany(1)
        server.send('"beat"', { id: null })
      }
    })
    expect(last?.heard).toEqual([...numbers(1, 6), 'beat', 8, 'beat', 10, 'beat'])
    owner?.leave()
    await soon(() => expect(next?.isOwner).toBe(true))
    server.sendMany(2)
    await soon(() => expect(last?.heard.slice(-3)).toEqual(['beat', 12, 13]))
    expect(last?.heard).toEqual([...numbers(1, 6), 'beat', 8, 'beat', 10, 'beat', 12, 13])
    await soon(() => expect(next?.heard).toEqual([...numbers(1, 6), 8, 10, 12, 13]))
  })

  it('is ahead: who is behind is given what it lacks', async () => {
    const channels = holdChannels()
    const [owner] = await open(1)
    channels.group()
    const [next] = await open(1)
    const slow = channels.group()
    const [last] = await open(1)
    slow.hold()
    server.sendMany(10)
    await soon(() => expect(next?.heard).toHaveLength(10))
    owner?.leave()
    await soon(() => expect(next?.isOwner).toBe(true))
    server.sendMany(5)
    await soon(() => expect(next?.heard).toEqual(numbers(1, 15)))
    slow.release()
    await soon(() => expect(last?.heard).toEqual(numbers(1, 15)))
    expect(server.requests).toHaveLength(2)
  })

  it('is fresh, and was in line before others: they lose nothing, by a short connection of their own', async () => {
    const channels = holdChannels()
    const [owner] = await open(1)
    const unheard = channels.group()
    unheard.hold()
    const fresh = tab()
    await soon(async () => expect((await navigator.locks.query()).pending).toHaveLength(1))
    channels.group()
    const [last] = await open(1)
    server.sendMany(5)
    await soon(() => expect(last?.heard).toEqual(numbers(1, 5)))
    owner?.leave()
    server.sendMany(5)
    await soon(() => expect(fresh.isOwner).toBe(true))
    unheard.release()
    await soon(() => expect(last?.heard).toEqual(numbers(1, 10)))
    server.sendMany(5)
    await soon(() => expect(last?.heard).toEqual(numbers(1, 15)))
    await soon(() => expect(fresh.heard.slice(-5)).toEqual(numbers(11, 15)))
    await soon(() => expect(server.open).toBe(1))
    expect(new Set(fresh.heard).size).toBe(fresh.heard.length)
  })

  it('reconnect() of one that hears asks the server afresh, and takes the connection', async () => {
    const [owner, other] = await open(2)
    server.sendMany(3)
    await soon(() => expect(other?.heard).toHaveLength(3))
    await soon(() => expect(Date.now()).toBeGreaterThan(askedAt + 1_100))
    other?.reconnect()
    await soon(() => expect(other?.isOwner).toBe(true))
    await soon(() => expect(owner?.isOwner).toBe(false))
    server.sendMany(3)
    for (const one of [owner, other]) await soon(() => expect(one?.heard).toEqual(numbers(1, 6)))
    expect(server.requests.map(({ cursor }) => cursor)).toEqual(['', '3'])
    await soon(() => expect(server.open).toBe(1))
  })

  it('restart() of the owner starts over, and its own alone', async () => {
    const [owner, other] = await open(2)
    server.sendMany(3)
    await soon(() => expect(other?.heard).toHaveLength(3))
    owner?.restart()
    await soon(() => expect(server.requests.length).toBeGreaterThan(1))
    await soon(() => expect(owner?.snapshot()).toMatchObject({ status: 'open', data: null }))
    server.sendMany(2)
    await soon(() => expect(owner?.heard).toEqual(numbers(1, 5)))
    await soon(() => expect(other?.heard).toEqual(numbers(1, 5)))
    await soon(() => expect(server.open).toBe(1))
  })

  it('an owner that does not answer is taken the stream from', async () => {
    const channels = holdChannels()
    const stopped = channels.group()
    const [owner] = await open(1)
    channels.group()
    const clock = createVirtualClock({ now: Date.now() })
    const other = tab({ clock })
    await soon(() => expect(other.snapshot().status).toBe('open'))
    stopped.hold()
    await clock.advance(2_000)
    expect(other.isOwner).toBe(false)
    await clock.advance(1_000)
    await soon(() => expect(other.isOwner).toBe(true))
    stopped.release()
    await soon(() => expect(owner?.isOwner).toBe(false))
    server.sendMany(3)
    for (const one of [owner, other]) await soon(() => expect(one?.heard).toEqual(numbers(1, 3)))
    await soon(() => expect(server.open).toBe(1))
  })

  it('one that answers keeps it, however long nothing comes', async () => {
    await open(1)
    const clock = createVirtualClock({ now: Date.now() })
    const other = tab({ clock })
    await soon(() => expect(other.snapshot().status).toBe('open'))
    for (let round = 0; round < 5; round++) {
      await clock.advance(2_000)
      // Its answer needs a turn of this program.
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      await clock.advance(1_000)
    }
    expect(other.isOwner).toBe(false)
    expect(server.requests).toHaveLength(1)
  })

  it('a page that freezes lets go, and comes back as a follower', async () => {
    const page = createVirtualPage()
    const [owner] = await open(1, { page })
    const [other] = await open(1)
    server.sendMany(2)
    await soon(() => expect(other?.heard).toHaveLength(2))
    page.freeze(true)
    await soon(() => expect(other?.isOwner).toBe(true))
    server.sendMany(3)
    await soon(() => expect(other?.heard).toEqual(numbers(1, 5)))
    await soon(() => expect(owner?.snapshot().status).toBe('paused'))
    page.freeze(false)
    await soon(() => expect(owner?.heard).toEqual(numbers(1, 5)))
    await soon(() => expect(owner?.snapshot().status).toBe('open'))
    await soon(() => expect(owner?.isOwner).toBe(false))
    expect(server.requests).toHaveLength(2)
  })
})

describe('what lies below', () => {
  it('native: listens for what any tab names, and hands over by the query parameter', async () => {
    const over = { inner: nativeTransport({ EventSource: Polyfill }), lastEventIdParam: 'since', scope: 'alice' }
    const [owner] = await open(1, over)
    const [other] = await open(1, over)
    const named: unknown[] = []
    const leave = other?.client.subscribe(server.url, { lastEventIdParam: 'since', events: { named: text() }, onMessage: (data) => named.push(data) })
    server.sendMany(2)
    await soon(() => expect(other?.heard).toEqual([1, 2]))
    await soon(() => {
      server.send('x', { type: 'named', id: '2' })
      expect(named.length).toBeGreaterThan(0)
    })
    owner?.leave()
    await soon(() => expect(other?.isOwner).toBe(true))
    expect(server.requests.at(-1)?.cursor).toBe('2')
    leave?.()
  })

  it('its time between attempts, comments and bytes are known in every tab', async () => {
    const clock = createVirtualClock({ now: Date.now() })
    await open(1)
    const other = tab({ clock })
    await soon(() => expect(other.snapshot().status).toBe('open'))
    const facts: string[] = []
    other.client.observe(({ type }) => facts.push(type))
    server.write('retry: 1234\n: comment\n\n')
    await soon(() => expect(facts).toEqual(expect.arrayContaining(['bytes', 'comment'])))
    server.end()
    await soon(() => expect(other.snapshot().retryAt).not.toBeNull())
  })

  it('renewed again and again by each, with events all the while: every one once and in order', async () => {
    const renew = { beforeMs: 20, at: () => Date.now() + 60 }
    // Without a cursor there is nothing to renew from.
    server.sendMany(1)
    const two = await open(2, { renew, lastEventId: '1' })
    for (let turn = 0; turn < 40; turn++) {
      server.sendMany(3)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(server.requests.length).toBeGreaterThan(2)
    for (const { heard } of two) await soon(() => expect(heard).toEqual(numbers(2, 121)))
  })

  it('tells who owns it', async () => {
    const owners: unknown[] = []
    const [owner] = await open(1)
    const other = tab()
    other.client.observe((fact) => fact.type === 'owner' && owners.push(fact.owner))
    await soon(() => expect(other.snapshot().status).toBe('open'))
    owner?.leave()
    await soon(() => expect(owners).toEqual([false, true]))
  })
})

describe('misuse', () => {
  it.each([
    ['no transport', () => crossTabTransport(undefined as never), /needs a transport.*fetchTransport\(\)/],
    ['an empty scope', () => crossTabTransport(fetchTransport(), { scope: '' }), /scope must be/],
    ['a scope that is no text', () => crossTabTransport(fetchTransport(), { scope: 7 as never }), /scope must be/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message)
  })

  it('over native, headers are refused as native refuses them', () => {
    expect(() => tab({ inner: nativeTransport(), headers: { a: '1' } })).toThrow(/headers.*fetchTransport\(\)/)
  })

  it('a transport that refuses in the call fails the stream, and leaves nothing behind', async () => {
    vi.stubGlobal('EventSource', undefined)
    const one = tab({ inner: nativeTransport() })
    await soon(() => expect(one.snapshot()).toMatchObject({ status: 'failed', error: { code: 'unsupported' } }))
  })
})

describe('whose stream it is', () => {
  it('another Authorization is another connection, and nothing crosses', async () => {
    const alice = await open(2, { headers: { Authorization: 'Bearer alice' } })
    const bob = await open(2, { headers: { Authorization: 'Bearer bob' } })
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer alice', 'Bearer bob'])
    server.sendMany(1)
    for (const { heard } of [...alice, ...bob]) await soon(() => expect(heard).toEqual([1]))
  })

  it('what functions give is not shared without a scope, and development says so', async () => {
    await open(2, { headers: () => ({ Authorization: 'Bearer x' }) })
    expect(server.requests).toHaveLength(2)
    expect(vi.mocked(console.warn).mock.calls.flat().join()).toMatch(/crossTabTransport.*scope/)
  })

  it('with one it is, and functions are asked once for one attempt', async () => {
    const asked = vi.fn(() => ({ Authorization: 'Bearer x' }))
    await open(1, { headers: asked, scope: 'alice' })
    expect(asked).toHaveBeenCalledTimes(1)
    await open(1, { headers: asked, scope: 'alice' })
    await open(1, { headers: asked, scope: 'bob' })
    expect(server.requests).toHaveLength(2)
  })

  it('a 401 is answered with fresh credentials by the owner alone', async () => {
    let token = 'old'
    const asked: string[] = []
    const headers = ({ reason }: { reason: string }) => {
      asked.push(reason)
      if (reason === 'unauthorized') token = 'new'
      return { Authorization: token }
    }
    const three = await open(3, { headers, scope: 'alice' })
    server.refuse(401, {}, 'old')
    server.drop()
    await soon(() => expect(server.requests).toHaveLength(3))
    await soon(() => expect(three.every(({ snapshot }) => snapshot().status === 'open')).toBe(true))
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['old', 'old', 'new'])
    expect(asked.filter((reason) => reason === 'unauthorized')).toHaveLength(1)
  })

  it('nothing of a token is in a message, or in the name of a channel or a lock', async () => {
    const posted: unknown[] = []
    const names: string[] = []
    const { BroadcastChannel: Real } = globalThis
    vi.stubGlobal(
      'BroadcastChannel',
      class extends Real {
        constructor(name: string) {
          super(name)
          names.push(name)
        }
        override postMessage(message: unknown) {
          posted.push(message)
          super.postMessage(message)
        }
      },
    )
    const two = await open(2, { url: `${server.url}?token=s3cret-in-url`, headers: { Authorization: 'Bearer s3cret' } })
    names.push(...((await navigator.locks.query()).held ?? []).map(({ name = '' }) => name))
    server.refuse(403)
    server.drop()
    await soon(() => expect(two.every(({ snapshot }) => snapshot().status === 'failed')).toBe(true))
    expect(names.length).toBeGreaterThan(2)
    expect(posted.length).toBeGreaterThan(3)
    expect(JSON.stringify([names, posted])).not.toMatch(/s3cret/i)
  })

  it('a POST, and what is not live, is each tab’s own', async () => {
    await open(2, { live: false })
    expect(server.requests).toHaveLength(2)
  })
})

describe('without what it stands on', () => {
  it('no locks: an election makes one owner, and another when that one goes', async () => {
    vi.stubGlobal('navigator', {})
    const three = await open(3)
    expect(server.requests).toHaveLength(1)
    server.sendMany(5)
    for (const { heard } of three) await soon(() => expect(heard).toEqual(numbers(1, 5)))
    three[0]?.leave()
    server.sendMany(5)
    for (const { heard } of three.slice(1)) await soon(() => expect(heard).toEqual(numbers(1, 10)))
    await soon(() => expect(three.filter(({ isOwner }) => isOwner)).toHaveLength(1))
    for (const opened of tabs) opened.leave()
    vi.unstubAllGlobals()
  })

  it('no BroadcastChannel: a connection each, and development says so', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    await open(2)
    expect(server.requests).toHaveLength(2)
    expect(vi.mocked(console.warn).mock.calls.flat().join()).toMatch(/no BroadcastChannel/)
  })
})
