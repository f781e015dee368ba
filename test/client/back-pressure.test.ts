import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { openSSE } from 'eventwire/core'
import { expect, it, onTestFinished } from 'vitest'
import { heap } from '../heap.js'

const MiB = 1024 * 1024
const TOTAL = 100 * MiB
const EVENT = 16 * 1024

/** A server that writes an answer of 100 MB as fast as it is taken, and how much of it has been. */
async function serve() {
  const written = { bytes: 0 }
  const text = `data: ${'x'.repeat(EVENT - 8)}\n\n`
  async function write(response: ServerResponse) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    while (written.bytes < TOTAL) {
      written.bytes += text.length
      if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
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

/** What the process holds: of V8's heap, and of buffers beside it. */
function held(): number {
  const used = heap()
  return used + process.memoryUsage().arrayBuffers
}

it('a reader that is slow makes the server wait: of 100 MB no more than 8 are ever held', async () => {
  const { url, written } = await serve()
  const before = held()
  let events = 0
  let most = 0
  let ahead = 0
  for await (const { data } of openSSE<string>(url, { decode: 'text', live: false })) {
    events++
    expect(data).toHaveLength(EVENT - 8)
    // Slower than the server by far.
    await new Promise((resolve) => setImmediate(resolve))
    if (events % 400 !== 1) continue
    most = Math.max(most, held() - before)
    ahead = Math.max(ahead, written.bytes - events * EVENT)
  }
  expect(events).toBe(TOTAL / EVENT)

  expect(most).toBeLessThan(8 * MiB)
  // What the kernel holds on both sides of the socket is not ours.
  expect(ahead).toBeLessThan(16 * MiB)
})
