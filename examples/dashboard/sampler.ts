import { cpus, freemem, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from './events.ts'

/** One reading, before the stream adds when it was taken and for how many. */
export type Sample = Omit<Metrics, 'at' | 'clients'>

/** Measures between `start` and `stop`; each `sample` covers the time since the one before. */
export interface Sampler {
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
      const totalBytes = totalmem()
      return {
        // The kernel counts in ticks of 10 ms: two samples close together may see none go by.
        cpu: total > 0 ? round((1 - idle / total) * 100, 1) : 0,
        cores: now.cores,
        memory: { usedBytes: totalBytes - freemem(), totalBytes },
        loopDelay,
      }
    },
    stop() {
      delay.disable()
    },
  }
}

function cpuTimes(): { cores: number; idle: number; total: number } {
  const cores = cpus()
  let idle = 0
  let total = 0
  for (const { times } of cores) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { cores: cores.length, idle, total }
}

/** The monitor records, in ns, how far apart its own ticks were; what exceeds the tick is the delay. NaN: no tick yet. */
function lateness(ns: number): number {
  return Number.isNaN(ns) ? 0 : round(Math.max(0, ns / 1e6 - RESOLUTION_MS), 2)
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
