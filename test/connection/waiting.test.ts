import type { ClientOptions } from 'eventwire/core'
import { mockTransport } from 'eventwire/testing'
import { expect, it } from 'vitest'
import { harness } from '../client/harness.js'

/** Over a transport that, as EventSource does, reconnects by itself. */
async function setup(options: ClientOptions = {}) {
  const transport = mockTransport({ name: 'native', can: [], reconnects: true })
  const { client, clock } = harness({ transport, ...options })
  const reader = client.subscribe('/events')
  return { clock, reader, transport, connection: await transport.connected() }
}

it('a transport that reconnects by itself is one attempt, however often', async () => {
  const { reader, transport, connection } = await setup()
  for (let time = 0; time < 10; time++) {
    connection.drop()
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', retryAt: null, attempt: 0 })
    expect(connection.state).toBe('pending')
    connection.open()
    expect(reader.getSnapshot().status).toBe('open')
  }
  expect(transport.connections.map(({ state }) => state)).toEqual(['open'])
})

it('is closed where nothing may be asked for again', async () => {
  for (const options of [{ retry: { attempts: 0 } }, { live: false }]) {
    const { reader, connection } = await setup(options)
    connection.drop()
    expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
    expect(connection.state).toBe('closed')
  }
})

it('EventSource that gives up is tried at most 5 times more without an open', async () => {
  const { clock, reader, transport } = await setup()
  const giveUp = () => {
    transport.connections.at(-1)?.drop()
    transport.connections.at(-1)?.respond(503)
  }
  for (let time = 0; time < 8; time++) {
    // Short opens count as opens.
    transport.connections.at(-1)?.open()
    giveUp()
    await clock.advance(60_000)
  }
  expect(reader.getSnapshot().status).toBe('reconnecting')
  const before = transport.connections.length
  for (let time = 0; time < 10; time++) {
    giveUp()
    await clock.advance(60_000)
  }
  expect(reader.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'native-closed' } })
  // One of the five was used by the last that had opened.
  expect(transport.connections.length - before).toBe(4)
})

it('has five tries again when somebody asks for it again', async () => {
  const { clock, reader, transport } = await setup()
  const giveUp = async () => {
    while (reader.getSnapshot().status !== 'failed') {
      transport.connections.at(-1)?.drop()
      transport.connections.at(-1)?.respond(503)
      await clock.advance(60_000)
    }
    return transport.connections.length
  }
  const before = await giveUp()
  reader.open()
  await clock.advance(0)
  expect((await giveUp()) - before).toBe(6)
})

it('resumes from the last id that it saw, without what a break cut off', async () => {
  const seen: unknown[] = []
  const transport = mockTransport({ can: [], reconnects: true })
  const { client } = harness({ transport })
  client.subscribe('/events', {
    onMessage: (data) => seen.push(data),
    onResume: ({ resumed }) => seen.push({ resumed }),
  })
  const connection = await transport.connected()
  connection.end()
  connection.sendBytes('id: 7\ndata: 1\n\ndata: cut')
  connection.stall()
  connection.drop()
  connection.send({ data: 2 })
  expect(seen).toEqual([{ resumed: false }, 1, { resumed: true }, 2])
})
