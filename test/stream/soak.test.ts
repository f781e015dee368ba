import { createSSEClient } from 'eventwire/core'
import { createVirtualClock, createVirtualPage, mockTransport } from 'eventwire/testing'
import { expect, it } from 'vitest'
import { heap } from '../heap.js'

const EVENTS = 1_000_000
const CHUNK = 1_000

it('a million events through one stream, with a history of 1,000 and 50 listeners: the heap stays flat', async () => {
  const clock = createVirtualClock()
  const transport = mockTransport()
  const client = createSSEClient({ clock, transport, page: createVirtualPage() })
  let heard = 0
  const readers = Array.from({ length: 50 }, () => client.subscribe('/events', { history: 1_000, dedupe: 100, onMessage: () => heard++ }))
  const stream = await transport.connected()
  const encoder = new TextEncoder()
  const heaps: number[] = []
  for (let sent = 0; sent < EVENTS; sent += CHUNK) {
    let text = ''
    for (let id = sent; id < sent + CHUNK; id++) text += `id: ${id}\ndata: {"at":${id},"text":"event ${id}"}\n\n`
    stream.sendBytes(encoder.encode(text))
    clock.advanceSync(16)
    if ((sent + CHUNK) % (EVENTS / 10) === 0) heaps.push(heap())
  }
  expect(heard).toBe(EVENTS * readers.length)
  expect(readers[0]?.getSnapshot().history).toHaveLength(1_000)
  const [first = 0, last = 0] = [heaps[0], heaps.at(-1)]
  expect(Math.abs(last - first) / first).toBeLessThan(0.05)
  for (const reader of readers) reader.unsubscribe()
  await clock.advance(0)
  expect([clock.pending, stream.state, client.streams()]).toEqual([0, 'closed', []])
}, 60_000)
