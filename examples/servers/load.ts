/**
 * Many clients on one instance: `npm run load -- --clients 2000 --per-second 10 --seconds 20 [--server express]`. The server and
 * the clients have a process each; what the clients use is the harness's, and no server's.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

/** What came of it. */
export interface Load {
  readonly published: number
  /** Of the client that had the fewest events, and of the one that had the most. */
  readonly least: number
  readonly most: number
  /** From `POST` to the handler, in ms. */
  readonly p50: number
  readonly p99: number
  readonly worst: number
  /** Of the server, in KiB a client, and in percent of one core. */
  readonly memory: number
  readonly cpu: number
  /** Of the process of the clients. */
  readonly harnessCPU: number
}

interface LoadOptions {
  readonly server: string
  readonly clients: number
  readonly perSecond: number
  readonly seconds: number
}

/** What the process has used so far, as Linux tells: memory in KiB, and time in ms. */
function used(pid: number): { memory: number; cpuMs: number } {
  const [, memory = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  // A hundred ticks a second, everywhere.
  return { memory: Number(memory), cpuMs: (user + system) * 10 }
}

export async function load({ server: name, clients, perSecond, seconds }: LoadOptions): Promise<Load> {
  const args = ['start.ts', name, '--port', '0', '--heartbeat-ms', '15000', '--alone']
  const server = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
  let url = ''
  for await (const line of createInterface({ input: server.stdout })) if ((url = /http:\S+\/events/.exec(line)?.[0] ?? '')) break
  const { pid = 0 } = server
  const before = used(pid)
  const harness = fork(`${import.meta.dirname}/load-clients.ts`, [url, String(clients)])
  await once(harness, 'message')
  const ready = used(pid)
  const started = performance.now()
  let published = 0
  while (performance.now() - started < seconds * 1_000) {
    const due = (published * 1_000) / perSecond - (performance.now() - started)
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due))
    published += 1
    const body = JSON.stringify({ type: 'tick', data: { count: published, sentAt: Date.now() } })
    await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  }
  const took = performance.now() - started
  const after = used(pid)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  harness.send('stop')
  // A seam: the clients say so.
  const [said] = (await once(harness, 'message')) as [Pick<Load, 'least' | 'most' | 'p50' | 'p99' | 'worst'> & { cpuMs: number }]
  server.kill('SIGTERM')
  await once(server, 'exit')
  const { cpuMs, ...heard } = said
  const percent = (ms: number) => (ms / took) * 100
  return { published, ...heard, memory: (after.memory - before.memory) / clients, cpu: percent(after.cpuMs - ready.cpuMs), harnessCPU: percent(cpuMs) }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      server: { type: 'string', default: 'node' },
      clients: { type: 'string', default: '2000' },
      'per-second': { type: 'string', default: '10' },
      seconds: { type: 'string', default: '20' },
    },
  })
  const clients = Number(values.clients)
  const found = await load({ server: values.server, clients, perSecond: Number(values['per-second']), seconds: Number(values.seconds) })
  const { published, least, most, p50, p99, worst, memory, cpu, harnessCPU } = found
  console.log(`${values.server}, ${clients} clients, ${published} events each: ${least} to ${most} came`)
  console.log(`from POST to handler: p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms (the clients' process took ${harnessCPU.toFixed(0)} % of a core)`)
  console.log(`the server: ${memory.toFixed(0)} KiB a client, ${cpu.toFixed(0)} % of a core`)
}
