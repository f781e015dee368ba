import type { ScriptedRequest, Serve } from 'eventwire/testing'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { openSSE } from 'eventwire/core'
import { encodeEvent, lastEventIdOf, resumeHeaders } from 'eventwire/server'
import { createVirtualClock, transportConformance } from 'eventwire/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { pollingTransport } from '../../examples/transports/polling.ts'

/** A real server. Gives its URL, and what breaks its connections. */
async function listen(handler: RequestListener): Promise<{ url: string; drop(): void }> {
  const server = createServer(handler).listen(0)
  await once(server, 'listening')
  onTestFinished(() => server.close().closeAllConnections())
  // A seam: it listens to TCP.
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}/`, drop: () => server.closeAllConnections() }
}

const serve: Serve = async (answers) => {
  const requests: ScriptedRequest[] = []
  const { url, drop } = await listen(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const body = await text(request).catch(() => '')
    const seen = { method: request.method ?? '', headers, body, closed: response.destroyed }
    response.once('close', () => (seen.closed = true))
    const answer = answers[Math.min(requests.push(seen), answers.length) - 1]
    const { status = 200, chunks = [], after = 'end' } = answer ?? {}
    if (status === null) return after === 'end' ? void response.destroy() : undefined
    response.writeHead(status, answer?.headers ?? { 'Content-Type': 'text/event-stream' }).flushHeaders()
    for (const chunk of chunks) await new Promise((written) => response.write(chunk, written))
    if (after === 'end') response.end()
  })
  return { url, requests: async () => requests, drop: async () => drop() }
}

describe('keeps what every transport promises', () => {
  const checks = transportConformance(() => pollingTransport({ everyMs: 300 }), { serve, reconnects: true })
  it.each(checks)('$name', ({ run }) => expect(run()).resolves.toBeUndefined())
})

describe('over a server that answers and ends', () => {
  /** Two events an answer, after the id that it is asked for; it breaks its second answer off in the middle of an event. */
  async function counting(): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = []
    const { url } = await listen((request, response) => {
      const after = lastEventIdOf(request)
      asked.push(after)
      response.writeHead(200, { 'Content-Type': 'text/event-stream', ...resumeHeaders(after) })
      const [one = '', two = ''] = [1, 2].map((step) => encodeEvent({ id: String(Number(after) + step), data: Number(after) + step }))
      response.write(one)
      if (asked.length === 2) response.end(two.slice(0, -1))
      else response.end(two)
    })
    return { url, asked }
  }

  it('gives every event once, and vouches for what it resumes', async () => {
    const { url, asked } = await counting()
    const resumptions: unknown[] = []
    const seen: number[] = []
    const events = openSSE<number>({ url, transport: pollingTransport({ everyMs: 1 }), onResume: (resumption) => resumptions.push(resumption) })
    for await (const { data } of events) if (seen.push(data) === 7) break
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
    // The third asks again for what the second broke off.
    expect(asked).toEqual(['', '2', '3', '5'])
    expect(resumptions).toEqual([2, 3, 5].map(() => ({ resumed: true, gapPossible: false })))
  })

  it('asks every so often, or as often as the server says, and leaves nothing behind', async () => {
    let retry: number | undefined
    let answers = 0
    const { url } = await listen((_, response) => {
      answers += 1
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(encodeEvent({ data: answers, retry }))
    })
    const clock = createVirtualClock()
    const waiting = vi.fn()
    const unheard = () => {}
    const sink = { open: unheard, event: unheard, activity: unheard, retry: unheard, end: unheard, fail: unheard, waiting }
    const resolved = { url, method: 'GET', headers: {}, body: undefined, credentials: undefined, lastEventId: '' }
    const attempt = pollingTransport({ everyMs: 5_000 }).open(
      { resolve: async () => resolved, id: '1', types: [], maxEventSize: 1_000, identity: { text: '', whole: true }, clock },
      sink,
    )
    await vi.waitFor(() => expect(waiting).toHaveBeenCalledTimes(1))
    expect(waiting).toHaveBeenLastCalledWith({ retryAt: clock.now() + 5_000, error: undefined })
    retry = 70_000
    await clock.advance(4_999)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    await vi.waitFor(() => expect(waiting).toHaveBeenCalledTimes(2))
    expect([answers, waiting.mock.lastCall]).toEqual([2, [{ retryAt: clock.now() + 70_000, error: undefined }]])
    attempt.close()
    expect(clock.pending).toBe(0)
  })

  it('refuses a time that is none', () => {
    expect(() => pollingTransport({ everyMs: Number.NaN })).toThrow('everyMs is NaN: a time in ms')
  })
})
