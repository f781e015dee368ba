import { cpus, freemem, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Machine, Metrics } from './events.ts'

/** One reading, before the feed adds when it was taken. */
export type Sample = Omit<Metrics, 'at'>

/** Measures between `start` and `stop`; each `sample` covers the time since the one before. */
export interface Sampler {
  readonly machine: Machine
  start(): void
  sample(): Sample
  stop(): void
}

const RESOLUTION_MS = 10

/** Reads the machine this process runs on. */
export function createMachineSampler(): Sampler {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let before = cpuTimes()

  return {
    machine: { cores: cpus().length, memory: totalmem() },
    start() {
      before = cpuTimes()
      delay.reset()
      delay.enable()
    },
    sample() {
      const now = cpuTimes()
      const total = now.total - before.total
      const idle = now.idle - before.idle
      before = now
      const loopDelay = { meanMs: lateness(delay.mean), maxMs: lateness(delay.max) }
      delay.reset()
      return {
        // The kernel counts in ticks of 10 ms: two samples close together may see none go by.
        cpu: total > 0 ? round((1 - idle / total) * 100, 1) : 0,
        memory: totalmem() - freemem(),
        loopDelay,
      }
    },
    stop() {
      delay.disable()
    },
  }
}

function cpuTimes(): { idle: number; total: number } {
  let idle = 0
  let total = 0
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idle, total }
}

/** The monitor records, in ns, how far apart its own ticks were; what exceeds the tick is the delay. NaN: no tick yet. */
function lateness(ns: number): number {
  return Number.isNaN(ns) ? 0 : round(Math.max(0, ns / 1e6 - RESOLUTION_MS), 2)
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
