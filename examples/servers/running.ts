import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createParser } from 'eventwire/core'

interface RunOptions {
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
}

/** A server of this folder in a process of its own, started as a user starts it. */
export interface Running {
  readonly url: string
  publish(type: string, data: unknown): Promise<string>
  stats(): Promise<Record<string, number>>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Asks it to stop; gives how it went. */
  stop(): Promise<{ code: number | null; signal: string | null }>
}

export async function run(name: string, heartbeatMs: number, { port = 0, env = {} }: RunOptions = {}): Promise<Running> {
  const args = ['start.ts', name, '--port', String(port), '--heartbeat-ms', String(heartbeatMs), '--alone']
  const options = { cwd: import.meta.dirname, env: { ...process.env, ...env } }
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await addressOf(child, name)
  return {
    url,
    async publish(type, data) {
      const response = await post(url, JSON.stringify({ type, data }))
      // A seam: the servers answer so.
      return ((await response.json()) as { id: string }).id
    },
    stats: async () => (await (await fetch(new URL('stats', url))).json()) as Record<string, number>,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      return { code: child.exitCode, signal: child.signalCode }
    },
  }
}

export const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })

async function addressOf(child: ChildProcess, name: string): Promise<string> {
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const [url] = /http:\S+\/events/.exec(line) ?? []
    if (url) return url
    printed.push(line)
  }
  throw new Error(`${name} ended before it listened:\n${printed.join('\n')}`)
}

/** One connection, and what came over it. */
export interface Reading {
  readonly response: Response
  readonly events: { type: string; data: string; lastEventId: string }[]
  readonly comments: string[]
  readonly retries: number[]
  /** Resolves with how it ended. */
  readonly over: Promise<'ended' | 'broke'>
  leave(): void
}

export async function read(url: string, headers: Record<string, string> = {}): Promise<Reading> {
  const left = new AbortController()
  const response = await fetch(url, { headers: { Accept: 'text/event-stream', ...headers }, signal: left.signal })
  const heard: Pick<Reading, 'events' | 'comments' | 'retries'> = { events: [], comments: [], retries: [] }
  return { response, ...heard, over: follow(), leave: () => left.abort() }

  async function follow(): Promise<'ended' | 'broke'> {
    const parser = createParser({
      onEvent: (event) => heard.events.push(event),
      onComment: (comment) => heard.comments.push(comment),
      onRetry: (ms) => heard.retries.push(ms),
    })
    try {
      for await (const chunk of response.body ?? []) parser.feed(chunk)
      return 'ended'
    } catch {
      return 'broke'
    }
  }
}
