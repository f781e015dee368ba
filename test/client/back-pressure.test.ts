import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { openSSE } from 'eventwire/core'
import { expect, it, onTestFinished } from 'vitest'
import { heap } from '../heap.js'

const MiB = 1024 * 1024
const TOTAL = 100 * MiB
const EVENT = 16 * 1024

/** A server that writes an answer as fast as it is taken, and how much of it has been. */
async function serve(total: number) {
  const written = { bytes: 0 }
  const text = `data: ${'x'.repeat(EVENT - 8)}\n\n`
  async function write(response: ServerResponse) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const closed = new Promise((resolve) => response.once('close', resolve))
    while (written.bytes < total) {
      written.bytes += text.length
      if (!response.write(text)) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed])
    }
    response.end()
  }
  const server = createServer((_, response) => void write(response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, written }
}

/** What the process holds: of V8's heap, and of buffers beside it, which are let go of a while after a collection. */
async function held(): Promise<number> {
  heap()
  await new Promise((resolve) => setTimeout(resolve, 5))
  return heap() + process.memoryUsage().arrayBuffers
}

it('a reader that is slow makes the server wait: of 100 MB no more than 8 are ever held', async () => {
  // What is loaded and compiled by the first answer is no part of it.
  for await (const _ of openSSE<string>((await serve(MiB)).url, { decode: 'text', live: false }));
  const { url, written } = await serve(TOTAL)
  const before = await held()
  let events = 0
  let most = 0
  let ahead = 0
  for await (const { data } of openSSE<string>(url, { decode: 'text', live: false })) {
    events++
    expect(data).toHaveLength(EVENT - 8)
    // Slower than the server by far.
    await new Promise((resolve) => setImmediate(resolve))
    if (events % 400 !== 1) continue
    most = Math.max(most, (await held()) - before)
    ahead = Math.max(ahead, written.bytes - events * EVENT)
  }
  expect(events).toBe(TOTAL / EVENT)
  expect(most).toBeLessThan(8 * MiB)
  // What the kernel holds on both sides of the socket is not ours.
  expect(ahead).toBeLessThan(16 * MiB)
})
