import type { PersistOptions } from 'eventwire/core'
import type { MockConnection } from 'eventwire/testing'
import { createVirtualPage } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../chaos/random.js'
import { harness } from '../client/harness.js'
import { asyncStorage, webStorage } from './storages.js'

/** What only the user before may see. */
const OLD = 'old-secret'

async function settled() {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A session at random, with a logout after so many steps: what it leaves behind, in words. */
async function session(seed: number, logoutAt: number): Promise<string[]> {
  const random = createRandom(seed)
  const storage = random.next() < 0.5 ? webStorage() : asyncStorage()
  const page = createVirtualPage()
  const { client, clock, transport } = harness({ page })
  const persist: PersistOptions = { key: 'orders', storage }
  const problems: string[] = []
  const heard: string[] = []
  let user = OLD
  let out = false
  const subscribe = () =>
    client.subscribe<string>('/orders', {
      history: 5,
      linger: random.pick([0, 500]),
      persist,
      renew: { at: () => clock.now() + 6_000 },
      headers: () => ({ Authorization: user }),
      onMessage: (data) => heard.push(data),
    })
  let readers = [subscribe()]
  let id = 0
  const live = () => transport.connections.filter(({ state }) => state !== 'closed')
  const send = (connection: MockConnection) => connection.send({ id: `${user}-${++id}`, data: `${connection.request.headers['authorization']} ${id}` })

  const steps: Record<string, () => unknown> = {
    send: () => live().forEach(send),
    comment: () => live().forEach((connection) => connection.comment()),
    drop: () => live().at(-1)?.drop(),
    end: () => live().at(-1)?.end(),
    refuse: () => live().at(-1)?.respond(random.pick([401, 503, 410])),
    open: () => live().forEach((connection) => connection.open()),
    wait: () => clock.advance(random.pick([1, 100, 1_000, 6_000])),
    join: () => readers.push(subscribe()),
    leave: () => readers.pop()?.unsubscribe(),
    freeze: () => (page.freeze(true), page.freeze(false)),
    hide: () => (page.leave(), page.comeBack()),
    offline: () => (page.goOnline(false), page.goOnline(true)),
  }

  for (let step = 0; step < 30; step++) {
    if (step === logoutAt) {
      client.closeAll()
      await settled()
      user = 'new'
      out = true
      heard.length = 0
      for (const reader of readers) {
        const { data, history, lastEvent, lastEventId } = reader.getSnapshot()
        if (JSON.stringify([data, history, lastEvent, lastEventId]).includes(OLD)) problems.push('shown after the logout')
      }
      readers.forEach((reader) => reader.unsubscribe())
      readers = [subscribe()]
    }
    const before = transport.connections.length
    await steps[random.pick(Object.keys(steps))]?.()
    await settled()
    if (!out) continue
    for (const { request } of transport.connections.slice(before))
      if (JSON.stringify(request).includes(OLD)) problems.push(`sent: ${request.lastEventId}`)
    if ([...storage.records].join().includes(OLD)) problems.push('stored')
    if (heard.join().includes(OLD)) problems.push(`heard: ${heard.join()}`)
    for (const reader of readers) if (JSON.stringify(reader.getSnapshot()).includes(OLD)) problems.push('shown')
  }
  readers.forEach((reader) => reader.unsubscribe())
  client.closeAll()
  await clock.advance(60_000)
  await settled()
  if (clock.pending > 0 || live().length > 0 || storage.records.size > 0)
    problems.push(`left: ${clock.pending} timers, ${live().length} connections, ${storage.records.size} records`)
  return [...new Set(problems)]
}

describe('after a logout nothing of the user before is shown, sent or stored', () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %i, at every step', async (seed) => {
    for (let at = 1; at < 30; at++) expect([at, await session(seed * 1_000 + at, at)]).toEqual([at, []])
  })
})
