import { createSSEClient } from 'eventwire/core'
import { createMockSSE } from 'eventwire/testing'
import { mockSSE } from 'eventwire/testing/msw'
import { createSSEServer } from 'eventwire/testing/node'
import { setupServer } from 'msw/node'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { Place } from './scenarios/play.js'
import type { Scenario } from './scenarios/scenario.js'
import { startBareServer } from './scenarios/bare-server.js'
import { play } from './scenarios/play.js'
import { SCENARIOS } from './scenarios/scenarios.js'

const retry = { baseMs: 1, maxMs: 1 }
const overTheNetwork = (baseUrl: string, next: Place['next']): Place => ({
  client: createSSEClient({ baseUrl, retry }),
  next,
  until: (holds) => vi.waitFor(holds, { timeout: 10_000, interval: 2 }),
})

type Run = (scenario: Scenario) => Promise<string[]>

const SERVERS: Readonly<Record<'createMockSSE' | 'mockSSE' | 'createSSEServer' | 'bare', Run>> = {
  async createMockSSE(scenario) {
    const sse = createMockSSE('/events', { client: createSSEClient({ baseUrl: 'http://127.0.0.1', retry }), autoVerify: false, timeoutMs: 1_000 })
    const until = async (holds: () => void) => {
      // What is waited for has happened, but for what functions are asked.
      await sse.advance(0)
      holds()
    }
    async function next() {
      await sse.advance(1_000)
      return sse.attempted()
    }
    const log = await play(scenario, { client: sse.client, next, until })
    expect(sse.clock.pending).toBe(0)
    return log
  },
  async mockSSE(scenario) {
    const sse = mockSSE('/events')
    const server = setupServer(sse)
    server.listen()
    try {
      return await play(scenario, overTheNetwork('http://mock.test', sse.attempted))
    } finally {
      server.close()
    }
  },
  async createSSEServer(scenario) {
    const server = await createSSEServer({ url: '/events' })
    try {
      return await play(scenario, overTheNetwork(server.origin, server.attempted))
    } finally {
      await server.close()
    }
  },
  async bare(scenario) {
    const server = await startBareServer()
    const next = async () => {
      const arrived = await vi.waitUntil(() => server.shift(), { timeout: 10_000, interval: 2 })
      return arrived
    }
    try {
      return await play(scenario, overTheNetwork(server.origin, next))
    } finally {
      await server.close()
    }
  },
}

const KIT = ['createMockSSE', 'mockSSE', 'createSSEServer'] as const

describe.each(SCENARIOS)('$name', { timeout: 30_000 }, (scenario) => {
  let measure: Promise<string[]> | undefined

  it.each(KIT)('%s does as a server does', async (name) => {
    measure ??= SERVERS.bare(scenario)
    const measured = await measure
    // What differs on purpose does: a reason that holds no more would be found.
    const differs = scenario.differs?.[name] !== undefined
    const seen = await SERVERS[name](scenario).catch((cause: unknown) => (differs ? [String(cause)] : Promise.reject(cause)))
    expect(differs ? seen.join() === measured.join() : seen).toEqual(differs ? false : measured)
  })
})

/** The table of docs/testing.md: `WRITE_DOCS=1 npx vitest run --project unit test/testing/scenarios.test.ts` writes it. */
it('is what the guide says', () => {
  const rows = SCENARIOS.map(({ name, differs }) => [name, ...KIT.map((server) => differs?.[server] ?? 'same')])
  const lines = [['scenario', ...KIT.map((server) => `\`${server}\``)], ['---', '---', '---', '---'], ...rows]
  const table = `<!-- scenarios -->\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n<!-- /scenarios -->`
  const guide = readFileSync('docs/testing.md', 'utf8')
  if (process.env['WRITE_DOCS'])
    writeFileSync('docs/testing.md', guide.replace(/<!-- scenarios -->.*<!-- \/scenarios -->/s, () => table))
  expect(readFileSync('docs/testing.md', 'utf8')).toContain(table)
})

it('has a name of its own for every scenario', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
})
