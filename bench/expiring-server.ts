import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

/** A server whose answers end: it counts, replays from the cursor, and says when each answer will be over. */
export interface Expiring {
  readonly lifeMs: number
  readonly perSecond: number
}

// A seam: whoever starts the thread gives this.
const { lifeMs, perSecond } = workerData as Expiring
const readers = new Set<ServerResponse>()
const sent: number[] = []
const started = performance.now()

function write(response: ServerResponse, id: number) {
  response.write(`id: ${id}\ndata: ${sent[id - 1]}\n\n`)
}

setInterval(() => {
  // A timer is late at times; the events are not fewer for it.
  const due = Math.floor(((performance.now() - started) * perSecond) / 1_000)
  while (sent.length < due) {
    sent.push(Date.now())
    for (const reader of readers) write(reader, sent.length)
  }
}, 1_000 / perSecond)

const server = createServer((request, response) => {
  const end = Date.now() + lifeMs
  const cursor = Number(request.headers['last-event-id'] ?? sent.length)
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Ends-At': end }).flushHeaders()
  for (let id = cursor + 1; id <= sent.length; id++) write(response, id)
  readers.add(response)
  const over = setTimeout(() => response.end(), lifeMs)
  response.on('close', () => {
    clearTimeout(over)
    readers.delete(response)
  })
}).listen(0, '127.0.0.1', () => {
  const address = server.address()
  parentPort?.postMessage(typeof address === 'object' ? address?.port : 0)
})
