import { fetchTransport } from 'eventwire/core'
import { transportConformance } from 'eventwire/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bundle, type Bundle } from './bundle.ts'
import { runIn, runtimes, type Runtime } from './run-in.ts'
import { checks } from './runtimes/open-sse-checks.ts'

let script: Bundle

beforeAll(async () => {
  script = await bundle(new URL('runtimes/main.ts', import.meta.url))
})
afterAll(() => script.remove())

// Here for their names alone.
const conformance = transportConformance(fetchTransport, { serve: () => Promise.reject(new Error('not here')) })
const names = [...checks.map(([name]) => name), ...conformance.map(({ name }) => `fetch conforms: ${name}`)]

const ignoresCache = {
  'fetch conforms: asks as EventSource does': "Error: Cache-Control's no-cache or no-store: expected true, got false",
}

/** Checks that a runtime fails, whatever we do, and with what. One that passes after all is news about it. */
const LIMITS: Readonly<Record<Runtime, Readonly<Record<string, string>>>> = {
  node: {},
  bun: ignoresCache,
  deno: ignoresCache,
}

describe.each(runtimes)('%s', (runtime) => {
  let results: unknown

  beforeAll(async () => {
    results = await runIn(runtime, script.path, [inject('origin')])
  }, 60_000)

  it.each(names)('%s', (name) => {
    expect(results).toHaveProperty([name], LIMITS[runtime][name] ?? '')
  })
})

describe('node', () => {
  it('runIn says what a script said that fails', async () => {
    await expect(runIn('node', '/no/such/script.mjs')).rejects.toThrow(/node ended with 1: .*Cannot find module/s)
  })
})
