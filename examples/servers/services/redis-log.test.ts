/** What a log in Redis says of ids, whatever becomes of Redis. */
import { createClient } from 'redis'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { EventLog } from '../event-log.ts'
import type { RedisLog } from '../redis-log.ts'
import { createPubSubLog } from '../pubsub-log.ts'
import { createRedisLog } from '../redis-log.ts'
import { startRedis } from './redis.ts'

type Event = { readonly type: string; readonly data: number }

async function setup() {
  const redis = await startRedis(false)
  const logs: RedisLog<Event>[] = []
  onTestFinished(async () => {
    for (const log of logs) await log.close()
    await redis.close()
  })
  return {
    redis,
    async open(): Promise<RedisLog<Event>> {
      const log = await createRedisLog<Event>({ url: redis.url, name: 'ops', size: 3 })
      logs.push(log)
      return log
    },
  }
}

async function first(log: EventLog<Event>, id: string, count: number): Promise<number[]> {
  const data: number[] = []
  for await (const event of log.read(id, AbortSignal.timeout(5_000))) if (data.push(event.data) === count) break
  return data
}

it('what one appends another reads, from an id on, also one that it has not read yet', async () => {
  const { open } = await setup()
  const [one, other] = [await open(), await open()]
  const { newest } = one
  const ids = [await one.append({ type: 'a', data: 1 }), await one.append({ type: 'a', data: 2 })]
  expect(await other.reaches(ids[1] ?? '')).toBe(true)
  expect(await first(other, ids[0] ?? '', 1)).toEqual([2])
  // From before there was any.
  expect([await other.reaches(newest), await first(other, newest, 2)]).toEqual([true, [1, 2]])
})

it('it keeps so many, and no longer knows what is older', async () => {
  const { open } = await setup()
  const log = await open()
  const ids: string[] = []
  for (const data of [1, 2, 3, 4, 5]) ids.push(await log.append({ type: 'a', data }))
  expect(await log.reaches(ids[4] ?? '')).toBe(true)
  expect([await log.reaches(ids[0] ?? ''), await log.reaches('nothing'), await log.reaches('')]).toEqual([false, false, true])
})

it('where Redis has lost all, who asks next is told so, and is given no id of the life before', async () => {
  const { redis, open } = await setup()
  const log = await open()
  const old = await log.append({ type: 'a', data: 1 })
  expect(await log.reaches(old)).toBe(true)
  const { newest } = log
  const client = await createClient({ url: redis.url }).connect()
  // Nothing wakes the reader that waits: only a look tells.
  await client.flushAll()
  await client.close()
  expect([await log.reaches(''), log.newest === newest, await log.reaches(old)]).toEqual([true, false, false])
})

it('plain pub/sub reaches who reads right now, on every instance, and is kept for nobody', async () => {
  const { redis } = await setup()
  const [one, other] = [await createPubSubLog<Event>(redis.url, 'events:ops'), await createPubSubLog<Event>(redis.url, 'events:ops')]
  const elsewhere = await createPubSubLog<Event>(redis.url, 'events:another')
  onTestFinished(async () => {
    for (const log of [one, other, elsewhere]) await log.close()
  })
  const [here, there] = [first(one, '', 1), first(other, '', 1)]
  await vi.waitFor(() => expect([one.waiting, other.waiting]).toEqual([1, 1]))
  // It has no ids: nothing can be asked for again.
  expect([await one.append({ type: 'a', data: 1 }), one.newest, await one.reaches('1')]).toEqual(['', '', false])
  expect([await here, await there]).toEqual([[1], [1]])
  const late = first(one, '', 1)
  await vi.waitFor(() => expect(one.waiting).toBe(1))
  await elsewhere.append({ type: 'a', data: 2 })
  await other.append({ type: 'a', data: 3 })
  expect(await late).toEqual([3])
})
