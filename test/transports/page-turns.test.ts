import { createSSEClient, fetchTransport } from 'eventwire/core'
import type { Clock } from 'eventwire/core'
import { createVirtualClock } from 'eventwire/testing'
import { expect, it, vi } from 'vitest'

const events = (count: number) => Array.from({ length: count }, (_, id) => `data: ${id}\n\n`)

/** A stream that is there at once, chunk after chunk, each event of which takes the time given. */
async function read(msAnEvent: number, texts = events(100)) {
  const chunks = texts.map((text) => new TextEncoder().encode(text))
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
  let now = 0
  const clock: Clock = { ...createVirtualClock(), now: () => now }
  const client = createSSEClient({
    clock,
    transport: fetchTransport({ fetch: async () => new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }) }),
  })
  let heard = 0
  let before = 0
  await new Promise<void>((over) => {
    client.subscribe('https://api.test/events', {
      live: false,
      onMessage() {
        heard++
        now += msAnEvent
        // A task of the page's own, which came while the stream was read.
        if (heard === 1) setImmediate(() => (before = heard))
      },
      onClose: () => setImmediate(over),
    })
  })
  return { heard, before }
}

it('a burst lets the page have its turn twice a frame, and loses nothing', async () => {
  const { heard, before } = await read(2)
  expect(heard).toBe(100)
  expect(before).toBeLessThan(20)
})

it('a chunk of any size is read in pieces: engines give megabytes at once', async () => {
  const { heard, before } = await read(0.01, [events(20_000).join('')])
  expect(heard).toBe(20_000)
  expect(before).toBeLessThan(12_000)
})

it('one that takes no time is read in one go', async () => {
  const { heard, before } = await read(0)
  expect([heard, before]).toEqual([100, 100])
})

it('one that comes slowly is read as it comes: the page has its turns between', async () => {
  const channels = vi.fn()
  vi.stubGlobal('MessageChannel', channels)
  let now = 0
  const clock: Clock = { ...createVirtualClock(), now: () => now }
  const chunks = events(50)
  const body = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve))
      now += 10
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(new TextEncoder().encode(chunk))
      else controller.close()
    },
  })
  const answer = async () => new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
  const client = createSSEClient({ clock, transport: fetchTransport({ fetch: answer }) })
  await new Promise<void>((over) => client.subscribe('https://api.test/events', { live: false, onClose: () => over() }))
  vi.unstubAllGlobals()
  expect(channels).not.toHaveBeenCalled()
})
