// Builds the app and runs it, as `next build` and `next start` do.
import type { ChildProcess } from 'node:child_process'
import type { Log, RunningServer, ServeOptions } from '../stream.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const NEXT = fileURLToPath(import.meta.resolve('next/dist/bin/next'))

/** @param _ - the app has a log of its own */
export async function serve(_: Log, { port, heartbeatMs }: ServeOptions): Promise<RunningServer> {
  const env = { ...process.env, HEARTBEAT_MS: String(heartbeatMs), NEXT_TELEMETRY_DISABLED: '1' }
  const next = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [NEXT, ...args], { cwd: import.meta.dirname, env, stdio: ['ignore', 'pipe', 'inherit'] })

  const build = next('build')
  build.stdout?.pipe(process.stderr)
  const [code]: unknown[] = await once(build, 'exit')
  if (code !== 0) throw new Error('next build failed; did `npm run build` run before it?')

  const app = next('start', '--port', String(port))
  for await (const line of createInterface({ input: app.stdout ?? process.stdin })) {
    const bound = /https?:\/\/localhost:(\d+)/.exec(line)?.[1]
    if (bound) return { port: Number(bound), stop: () => ended(app) }
  }
  throw new Error('next start ended before it listened')
}

async function ended(app: ChildProcess): Promise<void> {
  app.kill('SIGTERM')
  if (app.exitCode === null && app.signalCode === null) await once(app, 'exit')
}
