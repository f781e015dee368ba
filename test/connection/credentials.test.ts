import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openSSE } from 'eventwire/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { harness } from '../client/harness.js'

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A seam: a server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('whose credentials', () => {
  it('a retry function is asked about the last 401, too', async () => {
    const { client, clock, transport } = harness()
    const retry = vi.fn(({ delayMs }: { delayMs: number | false }) => delayMs || 5_000)
    const reader = client.subscribe('/events', { headers: () => ({ Authorization: 'a' }), retry })
    ;(await transport.attempted()).respond(401)
    ;(await transport.attempted()).respond(401)
    expect(retry.mock.calls).toMatchObject([[{ attempt: 1, reason: 'error', error: { code: 'unauthorized' }, delayMs: false }]])
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting' })
    await clock.advance(5_000)
    expect(transport.connections).toHaveLength(3)
  })

  it("two users of one process that share a headers function get their own streams' tokens after a 401", async () => {
    const user = new AsyncLocalStorage<string>()
    const fresh = new Set<string>()
    /** Both are asked for fresh ones before either answer is there. */
    let bothAsked = () => {}
    const both = new Promise<void>((resolve) => (bothAsked = resolve))
    async function headers() {
      const name = user.getStore() ?? 'nobody'
      if (!refused.has(name)) return { authorization: `stale ${name}` }
      fresh.add(name)
      if (fresh.size === 2) bothAsked()
      await both
      return { authorization: `fresh ${name}` }
    }
    const refused = new Set<string>()
    const waiting: ServerResponse[] = []
    const url = await serve((request, response) => {
      const [age, name = ''] = request.headers.authorization?.split(' ') ?? []
      if (age === 'stale') {
        refused.add(name)
        // Both hear of it at once.
        if (waiting.push(response) === 2) for (const one of waiting) one.writeHead(401).end()
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: "${name}"\n\n`)
    })
    const read = (name: string) =>
      user.run(name, async () => {
        for await (const event of openSSE({ url, headers })) return event.data
        return undefined
      })
    expect(await Promise.all([read('anna'), read('bert')])).toEqual(['anna', 'bert'])
  })

  it('two clients ask one function each for itself, also while an answer for the other is on the way', async () => {
    const asked: number[] = []
    let answer = () => {}
    const fresh = new Promise<void>((resolve) => (answer = resolve))
    const headers = async () => {
      const mine = asked.push(asked.length)
      // The first two are for the requests that are refused.
      if (mine > 2) await fresh
      return { authorization: String(mine) }
    }
    const both = [harness(), harness()]
    for (const { client } of both) client.subscribe('/events', { headers, key: 'a' })
    for (const { transport } of both) (await transport.attempted()).respond(401)
    for (const { clock } of both) await clock.advance(1)
    answer()
    const sent: (string | undefined)[] = []
    for (const { transport } of both) sent.push((await transport.attempted()).request.headers['authorization'])
    expect(sent).toEqual(['3', '4'])
  })

  it('a refresh that never comes mutes nobody: it dies with the last who waits for it', async () => {
    const { client, transport, clock } = harness()
    let stuck = true
    const headers = () => (asked++ % 2 && stuck ? new Promise<never>(() => {}) : { authorization: 'token' })
    let asked = 0
    const first = client.subscribe('/a', { headers, key: 'a' })
    ;(await transport.attempted()).respond(401)
    await clock.advance(1_000)
    first.unsubscribe()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
    stuck = false
    const second = client.subscribe('/b', { headers, key: 'b' })
    ;(await transport.attempted()).respond(401)
    await transport.connected()
    expect(second.getSnapshot().status).toBe('open')
  })

  it('a refresh that never comes is a timeout for all who wait for it, who then ask again', async () => {
    const { client, transport, clock } = harness()
    let asked = 0
    const headers = () => (asked++ === 1 ? new Promise<never>(() => {}) : { authorization: 'token' })
    const reader = client.subscribe('/a', { headers, key: 'a' })
    ;(await transport.attempted()).respond(401)
    await clock.advance(59_999)
    expect(reader.getSnapshot().status).toBe('connecting')
    await clock.advance(1)
    expect(reader.getSnapshot()).toMatchObject({ status: 'reconnecting', error: { code: 'timeout', retryable: true } })
    await clock.advance(1_000)
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })
})
