import type { RetryContext, Transport } from 'eventwire/core'
import { createSSEClient } from 'eventwire/core'
import { createFaultProxy, FAULTS } from './fault-proxy.js'
import { createRandom } from './random.js'
import { serveEvents } from './replaying-server.js'

/** What one script came to. */
export interface ScriptResult {
  readonly seed: number
  readonly faults: readonly string[]
  readonly events: number
  readonly connections: number
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[]
}

/** What carries a script's stream, and what of the world it can't survive. */
export interface Over {
  readonly transport?: () => Transport
  readonly without?: readonly string[]
  readonly timeoutMs?: number
}

/** Every error and end is asked for again: whatever the script does, it is not for ever. */
const again = ({ delayMs }: RetryContext) => (delayMs === false ? 20 : Math.min(delayMs, 20))

/**
 * Runs one random script: a server that replays, a proxy with faults before it, a client, and calls of its user in the
 * middle. With a replaying server every id arrives once and in order.
 */
export async function runScript(seed: number, over: Over = {}): Promise<ScriptResult> {
  const { transport, without = [], timeoutMs = 30_000 } = over
  const random = createRandom(seed)
  const count = random.between(100, 300)
  const names = Array.from({ length: random.between(1, 8) }, () => random.pick(Object.keys(FAULTS).filter((name) => !without.includes(name))))
  const server = await serveEvents(count, createRandom(seed + 1))
  const proxy = await createFaultProxy(server.port, names.map((name) => FAULTS[name] ?? (() => {})), createRandom(seed + 2))
  const client = createSSEClient({ retry: again, connectTimeout: 300, idleTimeout: 300, ...(transport && { transport: transport() }) })
  const url = `http://127.0.0.1:${proxy.port}/${random.pick(['events', 'events', 'moved'])}`
  const heard: [id: string, data: unknown][] = []
  const problems: string[] = []
  const reader = client.subscribe(url, {
    decode: 'text',
    onMessage: (data, { lastEventId }) => {
      heard.push([lastEventId, data])
      userCalls()
    },
  })
  let others: (() => void)[] = []

  /** What an app does at any moment. */
  function userCalls() {
    const roll = random.next()
    if (roll < 0.005) reader.reconnect()
    else if (roll < 0.008) {
      reader.close()
      reader.open()
    } else if (roll < 0.015) reader.clear()
    else if (roll < 0.03) others.push(client.subscribe(url, { decode: 'text' }))
    else if (roll < 0.05) others.splice(0).forEach((leave) => leave())
  }

  const began = Date.now()
  while (heard.length < count && Date.now() - began < timeoutMs) await new Promise((resolve) => setTimeout(resolve, 10))
  // The last of it is published with the next frame.
  while (reader.getSnapshot().lastEventId !== String(count) && Date.now() - began < timeoutMs) await new Promise((resolve) => setTimeout(resolve, 10))
  const expected = server.events.map(({ id, data }) => [String(id), data])
  const firstWrong = expected.findIndex(([id, data], index) => heard[index]?.[0] !== id || heard[index]?.[1] !== data)
  if (firstWrong >= 0) problems.push(`event ${firstWrong + 1}: expected ${String(expected[firstWrong])}, heard ${String(heard[firstWrong])}`)
  if (heard.length > count) problems.push(`${heard.length - count} events too many`)
  if (reader.getSnapshot().lastEventId !== String(count)) problems.push(`the cursor is ${reader.getSnapshot().lastEventId}`)

  others.forEach((leave) => leave())
  others = []
  reader.unsubscribe()
  for (let waits = 0; (waits === 0 || server.open > 0) && waits < 300; waits++) await new Promise((resolve) => setTimeout(resolve, 10))
  if (server.open > 0) problems.push(`${server.open} connections are still open at the server`)
  if (client.streams().length > 0) problems.push('a stream is left')
  proxy.close()
  server.close()
  return { seed, faults: names, events: count, connections: proxy.connections, problems }
}
