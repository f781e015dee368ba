import { expect, it } from 'vitest'
import { harness } from '../client/harness.js'

it('onBatch gives all since the last publication, in order, none skipped, once a frame', async () => {
  const { client, clock, transport } = harness()
  const batches: unknown[][] = []
  const reader = client.subscribe('/events', { onBatch: (events) => batches.push(events.map(({ data }) => data)) })
  const stream = await transport.connected()
  await clock.advance(100)
  for (let id = 1; id <= 5; id++) stream.send({ data: id })
  await clock.advance(16)
  for (let id = 6; id <= 8; id++) stream.send({ data: id })
  stream.drop()
  expect(batches).toEqual([[1], [2, 3, 4, 5], [6, 7, 8]])
  await clock.advance(1_000)
  const again = await transport.connected()
  again.send({ data: 9 })
  reader.unsubscribe()
  await clock.advance(1_000)
  expect(batches.flat().length).toBeLessThanOrEqual(9)
})

it('one that throws stops nobody, and each gets a list of its own', async () => {
  const { client, clock, transport, uncaught } = harness()
  const sizes: number[] = []
  client.subscribe('/events', {
    onBatch() {
      throw new Error('mine')
    },
  })
  client.subscribe('/events', { onBatch: (events) => sizes.push(events.length) })
  const stream = await transport.connected()
  await clock.advance(100)
  stream.send({ data: 1 })
  stream.send({ data: 2 })
  await clock.advance(16)
  expect([sizes, uncaught]).toMatchObject([[1, 1], [{ message: 'mine' }, { message: 'mine' }]])
})
