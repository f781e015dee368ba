/** What docs/testing.md shows for transports of one's own; `guide.test.ts` holds it to this file. */
import type { ScriptedRequest, Serve } from 'eventwire/testing'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { transportConformance } from 'eventwire/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fetchTransport as myTransport } from 'eventwire/core'

const serve: Serve = async (answers) => {
  const requests: ScriptedRequest[] = []
  const server = createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    // A client may leave while it is read.
    const body = await text(request).catch(() => '')
    const seen = { method: request.method ?? '', headers, body, closed: response.destroyed }
    response.once('close', () => (seen.closed = true))
    const answer = answers[Math.min(requests.push(seen), answers.length) - 1]
    const { status = 200, chunks = [], after = 'end' } = answer ?? {}
    if (status === null) return after === 'end' ? void response.destroy() : undefined
    response.writeHead(status, answer?.headers ?? { 'Content-Type': 'text/event-stream' }).flushHeaders()
    for (const chunk of chunks) await new Promise((written) => response.write(chunk, written))
    if (after === 'end') response.end()
  }).listen(0)
  await once(server, 'listening')
  onTestFinished(() => server.close().closeAllConnections())
  // A seam: it listens to TCP.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    requests: async () => requests,
    drop: async () => server.closeAllConnections(),
  }
}

describe('myTransport', () => {
  for (const { name, run } of transportConformance(() => myTransport(), { serve }))
    it(name, () => expect(run()).resolves.toBeUndefined())
})
