import type { SSESnapshot } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { nativeTransport } from 'eventwire/native'
import { mockTransport } from 'eventwire/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { harness } from '../client/harness.js'

/** A stream whose answers end after a minute, and what its reader sees. */
async function renewed(at: () => number | null = () => 60_000) {
  const parts = harness()
  const { client, clock, transport } = parts
  const data: unknown[] = []
  const snapshots: SSESnapshot[] = []
  const calls: string[] = []
  const lifetime = at
  const reader = client.subscribe('/events', {
    renew: { at: () => clock.now() + (lifetime() ?? Number.NaN) },
    onMessage: (value) => data.push(value),
    onChange: (snapshot) => snapshots.push(snapshot),
    onOpen: () => calls.push('open'),
    onError: () => calls.push('error'),
    onResume: () => calls.push('resume'),
  })
  const first = await transport.connected()
  return { ...parts, reader, data, snapshots, calls, first }
}

describe('renew', () => {
  it('opens the successor before the end, from the cursor, and splices it in', async () => {
    const { clock, transport, data, snapshots, calls, first, reader } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(54_999)
    expect(transport.connections).toHaveLength(1)
    await clock.advance(1)
    const second = await transport.attempted()
    expect(second.request.lastEventId).toBe('1')
    first.send({ id: '2', data: 2 })
    second.open()
    // It is behind: the old one still speaks.
    first.send({ id: '3', data: 3 })
    expect(first.state).toBe('open')
    second.send({ id: '2', data: 2 })
    expect(first.state).toBe('open')
    second.send({ id: '3', data: 3 })
    expect(first.state).toBe('closed')
    second.send({ id: '4', data: 4 })
    await clock.advance(16)
    expect(data).toEqual([1, 2, 3, 4])
    expect(new Set(snapshots.map(({ status }) => status))).toEqual(new Set(['connecting', 'open']))
    expect(calls).toEqual(['open'])
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', lastEventId: '4', attempt: 0 })
    // And so on.
    await clock.advance(55_000)
    expect((await transport.attempted()).request.lastEventId).toBe('4')
  })

  it('a stream that opens again by itself meanwhile has one successor all the same, and leaves none behind', async () => {
    const transport = mockTransport({ can: ['cursor'], reconnects: true })
    const { client, clock } = harness({ transport })
    const reader = client.subscribe('/events', { renew: { at: () => clock.now() + 60_000 } })
    const first = await transport.connected()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    const second = await transport.attempted()
    first.drop()
    first.open()
    // The successor is slow: the new open's own end comes near.
    await clock.advance(56_000)
    expect(transport.connections).toHaveLength(2)
    second.open()
    expect([first.state, second.state]).toEqual(['closed', 'open'])
    reader()
    await clock.advance(0)
    expect(transport.connections.map(({ state }) => state)).toEqual(['closed', 'closed'])
  })

  it('where nothing came meanwhile it goes over at the open', async () => {
    const { clock, transport, data, first } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    const second = await transport.connected()
    expect([first.state, second.state]).toEqual(['closed', 'open'])
    second.send({ id: '2', data: 2 })
    expect(data).toEqual([1, 2])
  })

  it.each(['end', 'drop'] as const)('an old one that is gone by then (%s): the successor takes over, nothing comes twice', async (how) => {
    const { clock, transport, data, calls, first, reader } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    const second = await transport.attempted()
    first.send({ id: '2', data: 2 })
    first.send({ id: '3', data: 3 })
    second.open()
    second.send({ id: '2', data: 2 })
    first[how]()
    second.send({ id: '3', data: 3 })
    second.send({ id: '4', data: 4 })
    await clock.advance(16)
    expect([data, calls, reader.getSnapshot().status]).toEqual([[1, 2, 3, 4], ['open'], 'open'])
    expect(transport.connections).toHaveLength(2)
  })

  it('one that is gone before its successor has opened is reconnected as ever', async () => {
    const { clock, transport, data, first, reader } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    const second = await transport.attempted()
    first.drop()
    expect([second.state, reader.getSnapshot().status]).toEqual(['closed', 'reconnecting'])
    await clock.advance(1_000)
    ;(await transport.connected()).send({ id: '2', data: 2 })
    expect(data).toEqual([1, 2])
  })

  it('a successor that fails changes nothing, and is tried once more', async () => {
    const { clock, transport, calls, first, reader } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    ;(await transport.attempted()).respond(503)
    await clock.advance(1_000)
    ;(await transport.attempted()).respond(503)
    await clock.advance(600_000)
    expect(transport.connections).toHaveLength(3)
    expect([first.state, calls, reader.getSnapshot().error]).toEqual(['open', ['open'], null])
  })

  it('a token that is never newer renews no faster than every beforeMs', async () => {
    const { clock, transport, first } = await renewed(() => -1_000)
    first.send({ id: '1', data: 1 })
    for (let round = 0; round < 3; round++) {
      await clock.advance(5_000)
      await transport.connected()
    }
    expect(transport.connections).toHaveLength(4)
  })

  it('without an end that is known, nothing is renewed', async () => {
    const { clock, transport, first } = await renewed(() => null)
    first.send({ id: '1', data: 1 })
    await clock.advance(3_600_000)
    expect(transport.connections).toHaveLength(1)
  })

  it('a stream without ids can not be, and development says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { clock, transport, first } = await renewed()
    first.send({ data: 1 })
    await clock.advance(60_000)
    expect(transport.connections).toHaveLength(1)
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/renew does nothing: the stream has shown no id/)]])
    warn.mockRestore()
  })

  it('close() ends both, and leaves no timer', async () => {
    const { clock, transport, first, reader } = await renewed()
    first.send({ id: '1', data: 1 })
    await clock.advance(55_000)
    const second = await transport.attempted()
    reader.close()
    await clock.advance(0)
    expect([first.state, second.state, clock.pending]).toEqual(['closed', 'closed', 0])
  })

  it.each<[string, number, unknown]>([
    ['10,000 events', 10_001, 'x'],
    ['8 Mi characters', 9, 'x'.repeat(1024 * 1024)],
  ])('a successor that does not catch up holds %s and no more: the stream goes on as it is', async (_, count, text) => {
    const { clock, transport, data, first } = await renewed()
    first.send({ id: 'a', data: { a: 1 } })
    await clock.advance(55_000)
    const second = await transport.attempted()
    first.send({ id: 'b', data: { b: 1 } })
    second.open()
    for (let id = 1; id < count; id++) second.send({ id: `${id}`, data: text })
    expect([first.state, second.state]).toEqual(['open', 'open'])
    second.send({ id: `${count}`, data: text })
    expect([first.state, second.state]).toEqual(['open', 'closed'])
    first.send({ id: 'c', data: { c: 1 } })
    expect(data).toEqual([{ a: 1 }, { b: 1 }, { c: 1 }])
    // It is tried once more.
    await clock.advance(1_000)
    const third = await transport.connected()
    expect([third.request.lastEventId, first.state]).toEqual(['c', 'closed'])
  })

  it('a transport that refuses the successor in the call leaves the stream as it is', async () => {
    const { client, clock, transport, first, data } = await renewed()
    first.send({ id: '1', data: 1 })
    const stop = client.wrap((inner) => ({
      ...inner,
      open() {
        throw new TypeError('Not twice')
      },
    }))
    await clock.advance(56_000)
    stop()
    first.send({ id: '2', data: 2 })
    expect([transport.connections.length, first.state, data]).toEqual([1, 'open', [1, 2]])
  })

  it('a reader that is slow makes the successor wait as it made the old one', async () => {
    const { clock, transport, client } = harness()
    const paused: string[] = []
    let opened = 0
    client.wrap((inner) => ({
      ...inner,
      open(request, sink) {
        const name = `${++opened}`
        const attempt = inner.open(request, sink)
        return { ...attempt, pause: () => paused.push(`${name} waits`), resume: () => paused.push(`${name} goes on`) }
      },
    }))
    const slot = client.bind()
    const asked = slot.ask([], '/events', { renew: { at: () => clock.now() + 60_000 } })
    slot.update(asked)
    const leave = slot.attach(asked?.key ?? '', null, false, () => {})
    const first = await transport.connected()
    first.send({ id: '1', data: 1 })
    slot.stream()?.pause()
    await clock.advance(55_000)
    await transport.connected()
    slot.stream()?.resume()
    expect(paused).toEqual(['1 waits', '2 waits', '2 goes on'])
    leave()
  })

  it('who changes what happens changes the successor, too', async () => {
    const { client, clock, transport, first } = await renewed()
    first.send({ id: '1', data: 1 })
    const asked: string[] = []
    client.wrap((inner) => ({ ...inner, open: (request, sink) => (asked.push(request.id), inner.open(request, sink)) }))
    await clock.advance(55_000)
    await transport.connected()
    expect(asked).toHaveLength(1)
  })

  it('native has no cursor to send, and is left as it is', () => {
    const { client } = harness({ transport: nativeTransport() })
    expect(() => client.subscribe('/events', { renew: { at: () => 0 } })).not.toThrow()
  })
})

it('over a real server that ends every answer, no event is lost or comes twice, and nobody sees it', async () => {
  const LIFE_MS = 400
  let last = 0
  const open = new Set<ServerResponse>()
  const write = (response: ServerResponse, id: number) => response.write(`id: ${id}\ndata: ${id}\n\n`)
  const beat = setInterval(() => {
    last++
    for (const response of open) write(response, last)
  }, 5)
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    for (let id = Number(request.headers['last-event-id'] ?? last) + 1; id <= last; id++) write(response, id)
    open.add(response)
    response.on('close', () => open.delete(response))
    setTimeout(() => (open.delete(response), response.end()), LIFE_MS)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  onTestFinished(() => {
    clearInterval(beat)
    server.closeAllConnections()
    server.close()
  })
  const ids: number[] = []
  const statuses = new Set<string>()
  const leave = createSSEClient().subscribe<number>(`http://127.0.0.1:${port}/events`, {
    renew: { at: () => Date.now() + LIFE_MS, beforeMs: 200 },
    onMessage: (id) => ids.push(id),
    onChange: ({ status }) => statuses.add(status),
  })
  await vi.waitFor(() => expect(requests).toBeGreaterThan(8), 10_000)
  leave()
  const [from = 0] = ids
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => from + index))
  expect(ids.length).toBeGreaterThan(100)
  expect([...statuses]).toEqual(['connecting', 'open'])
})
