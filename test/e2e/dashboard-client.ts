import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach } from 'vitest'
import { systemClock } from '../../examples/dashboard/clock.js'
import type { Clock } from '../../examples/dashboard/clock.js'
import { createDashboardServer } from '../../examples/dashboard/server.js'
import type { DashboardServer, DashboardServerOptions } from '../../examples/dashboard/server.js'
import type { IssuedToken } from '../../examples/dashboard/tokens.js'
import { createVirtualClock } from '../../src/protocol/virtual-clock.js'

/** What to do after a test, last first. */
export const releases: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

/** A sampler that counts: the nth sample has `cpu` n. */
export function createCountingSampler() {
  const calls = { started: 0, stopped: 0, samples: 0 }
  return {
    calls,
    machine: { cores: 4, memory: 2 },
    start: () => void calls.started++,
    stop: () => void calls.stopped++,
    sample: () => ({
      cpu: ++calls.samples,
      memory: 1,
      loopDelay: { meanMs: 0, maxMs: 0 },
    }),
  }
}

/** The system's clock, with a count of the timers that wait. */
export function createCountingClock(): Clock & { readonly pending: number } {
  const waiting = new Set<unknown>()
  return {
    now: systemClock.now,
    setTimeout(callback, ms) {
      const handle = systemClock.setTimeout(() => {
        waiting.delete(handle)
        callback()
      }, ms)
      waiting.add(handle)
      return handle
    },
    clearTimeout(handle) {
      waiting.delete(handle)
      systemClock.clearTimeout(handle)
    },
    get pending() {
      return waiting.size
    },
  }
}

export async function start(options: DashboardServerOptions = {}) {
  const clock = createVirtualClock({ now: 1_700_000_000_000 })
  const sampler = createCountingSampler()
  const server = createDashboardServer({ clock, sampler, sampleMs: 100, ...options })
  const url = await server.listen(0)
  releases.push(() => server.close())
  return { server, url, clock, sampler }
}

/** Opens the stream with a token of its own and collects its text; `until` waits for what is to come. */
export async function connect(url: string, headers: Record<string, string> = {}) {
  return read(url, { Authorization: `Bearer ${await tokenFor(url)}`, ...headers })
}

/** Asks the server of `url` for a token in the name of the client in its query. */
export async function tokenFor(url: string): Promise<string> {
  const { origin, searchParams } = new URL(url)
  const response = await fetch(`${origin}/token?client=${searchParams.get('client') ?? ''}`, { method: 'POST' })
  // A seam: what the server answers is what this file tests.
  return ((await response.json()) as IssuedToken).token
}

export async function read(url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { headers, agent: false }, resolve).on('error', reject).end()
  })
  let over: 'end' | 'cut' | null = null
  let text = ''
  const wake = new Set<() => void>()
  const changed = () => wake.forEach((check) => check())
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    changed()
  })
  response.on('end', () => {
    over = 'end'
    changed()
  })
  response.on('error', () => {
    over = 'cut'
    changed()
  })
  const stream = {
    status: response.statusCode,
    headers: response.headers,
    get text() {
      return text
    },
    get over() {
      return over
    },
    get ids() {
      return [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '')
    },
    get events() {
      return [...text.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)$/gm)].map(([, id = '', type = '', data = '']) => ({
        id,
        type,
        // A seam: JSON of any shape, compared with what is expected.
        data: JSON.parse(data) as unknown,
      }))
    },
    /** The data of the `metrics` events so far. */
    get cpus() {
      return [...text.matchAll(/^event: metrics\ndata: .*"cpu":(\d+)/gm)].map((match) => Number(match[1]))
    },
    until(condition: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = () => {
          if (!condition()) return
          wake.delete(check)
          resolve()
        }
        wake.add(check)
        check()
      })
    },
    leave: () => void response.destroy(),
  }
  releases.push(stream.leave)
  return stream
}

/** Waits until the server counts so many streams. */
export async function connectionsAre(server: DashboardServer, connections: number): Promise<void> {
  while (server.stats().connections !== connections) await nextTurn()
}

export const post = (url: string) => fetch(url, { method: 'POST' }).then((response) => response.status)
