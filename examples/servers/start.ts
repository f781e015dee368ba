/** Starts a server of this folder: `npm run examples -- node --port 3000`, with a page beside it or `--terminal`. */
import type { OpsEvent } from './events.ts'
import type { RedisLog } from './redis-log.ts'
import type { Log, RunningServer, ServeOptions } from './stream.ts'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { resolveEntries } from './this-repository.ts'

const NAMES = ['node', 'express', 'express-better-sse', 'fastify', 'hono', 'cloudflare', 'next', 'users', 'sessions']

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '3000' },
    'heartbeat-ms': { type: 'string', default: '15000' },
    /** Events in this terminal instead of a page. */
    terminal: { type: 'boolean', default: false },
    /** With `REDIS_URL`: what is published is kept nowhere. */
    pubsub: { type: 'boolean', default: false },
    /** The server and nothing else: no page, no ticks. */
    alone: { type: 'boolean', default: false },
  },
})
/** Who reads these has to say who they are, which neither page nor ticks do. */
const PRIVATE = ['users', 'sessions']

const [name = ''] = positionals
const options: ServeOptions = { port: Number(values.port), heartbeatMs: Number(values['heartbeat-ms']) }
if (!NAMES.includes(name)) leave(`Which? npm run examples -- <${NAMES.join(' | ')}> [--port 3000] [--terminal]`)
if (!Number.isInteger(options.port) || !(options.heartbeatMs > 0)) leave('--port and --heartbeat-ms take numbers')
if (!existsSync(`${import.meta.dirname}/node_modules`)) leave('First: (cd examples/servers && npm ci)')

resolveEntries()
const { KEPT } = await import('./stream.ts')
const log = await logOf(process.env['REDIS_URL'])
// A seam: each folder's `server.ts` exports it.
const { serve } = (await import(`./${name}/server.ts`)) as { serve(log: Log, options: ServeOptions): Promise<RunningServer> }
const server = await serve(log, options)
const url = `http://localhost:${server.port}/events`
console.log(`${name} streams at ${url}`)

const beside: (() => unknown)[] = []
if (!values.alone && !PRIVATE.includes(name)) {
  const { publishTicks } = await import('./ticks.ts')
  beside.push(publishTicks(url))
  const { showInTerminal, servePage } = await import('./view.ts')
  beside.push(values.terminal ? showInTerminal(url) : await servePage(url))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

async function stop(): Promise<void> {
  for (const end of beside) await end()
  await server.stop()
  if ('close' in log) await log.close()
  process.exit(0)
}

/** In memory, or in Redis: then all instances have the same one. */
async function logOf(redis: string | undefined): Promise<Log | RedisLog<OpsEvent>> {
  if (!redis) return (await import('./event-log.ts')).createEventLog<OpsEvent>(KEPT)
  if (values.pubsub) return (await import('./pubsub-log.ts')).createPubSubLog<OpsEvent>(redis, 'events:ops')
  return (await import('./redis-log.ts')).createRedisLog<OpsEvent>({ url: redis, name: 'eventwire:ops', size: KEPT })
}

function leave(why: string): never {
  console.error(why)
  process.exit(1)
}
