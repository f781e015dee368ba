import type { Certificate } from './listener.js'
import type { Scenario } from './scenario.js'
import { nearest } from 'eventwire/core'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { clientTable } from './client-table.js'
import { createSSEServer } from './create-sse-server.js'
import { playScenario } from './play-scenario.js'
import { DEFAULT_SCENARIO, parseScenario } from './scenario.js'

const HELP = `eventwire-mock-server: an event stream to build against, without a backend.

  npx eventwire-mock-server [options]

  --port <number>   where to listen; default 4000, 0 for any that is free
  --host <name>     default 127.0.0.1
  --script <file>   a scenario, as JSON; default: an event a second at /events
  --key <file>      a key and its certificate, as PEM: then it speaks HTTPS,
  --cert <file>     HTTP/2 and HTTP/1.1
  --help

A scenario:

  {
    "url": "/events", "loop": true, "replay": 100,
    "steps": [
      { "send": { "type": "metrics", "data": { "cpu": "{{random 0 100}}" } } },
      { "wait": 1000 }
    ]
  }

Steps: send, comment, wait, repeat, end, cut, stall, drip, burst, refuse, heal.
`

const FLAGS = {
  port: { type: 'string', default: '4000' },
  host: { type: 'string', default: '127.0.0.1' },
  script: { type: 'string' },
  key: { type: 'string' },
  cert: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** @throws TypeError for a flag that there is not, with the one that was probably meant */
function checkFlags(args: readonly string[]): void {
  const names = Object.keys(FLAGS)
  const unknown = args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const near = nearest(unknown, names)
  throw new TypeError(`Unknown option '--${unknown}'. ${near ? `Did you mean '--${near}'?` : '--help names them all'}`)
}

/** Where the command reads and writes. */
export interface CommandHost {
  write(text: string): void
  /** Stops the server. */
  readonly signal: AbortSignal
}

/**
 * Runs `eventwire-mock-server` until the host's signal.
 *
 * @throws TypeError on wrong arguments or a wrong scenario
 *
 * @example
 * ```tsx
 * import process from 'node:process'
 * import { runMockServer } from 'eventwire/testing/node'
 *
 * await runMockServer(['--port', '0'], { write: (words) => process.stdout.write(words), signal: AbortSignal.timeout(1_000) })
 * ```
 */
export async function runMockServer(args: readonly string[], { write, signal }: CommandHost): Promise<void> {
  checkFlags(args)
  const { values } = parseArgs({ args: [...args], options: FLAGS })
  if (values.help) return write(HELP)
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new TypeError(`--port must be a number up to 65535, not '${values.port}'`)
  const scenario = values.script === undefined ? DEFAULT_SCENARIO : await readScenario(values.script)
  const tls = await readCertificate(values.key, values.cert)

  const server = await createSSEServer({
    url: scenario.url,
    port,
    host: values.host,
    tls,
    replay: scenario.replay,
    onConnection(connection) {
      report()
      void connection.closed.then(report)
    },
  }).catch((cause: unknown) => {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    throw taken ? new TypeError(`Port ${port} is taken: choose another with --port`, { cause }) : cause
  })
  function report() {
    if (!signal.aborted) write(`\n${clientTable(server.connections)}\n`)
  }
  write(`${server.url} streams${tls ? ' over HTTP/2' : ''}; try: curl -N ${tls ? '-k ' : ''}${server.url}\nCtrl+C stops it.\n`)
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve))
  try {
    // A scenario that comes to its end leaves the connections as they are.
    await Promise.all([signal.aborted || stopped, playScenario(server, scenario, signal)])
  } finally {
    await server.close()
  }
}

async function readScenario(file: string): Promise<Scenario> {
  const json = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new TypeError(`--script: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  })
  try {
    return parseScenario(json)
  } catch (cause) {
    throw new TypeError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

async function readCertificate(key: string | undefined, cert: string | undefined): Promise<Certificate | undefined> {
  if (key === undefined && cert === undefined) return undefined
  if (key === undefined || cert === undefined) throw new TypeError('--key and --cert go together')
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
}
