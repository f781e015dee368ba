import type { Metrics } from '../events.ts'
import { gibibytes, oneDecimal } from './format.ts'
import { Sparkline } from './sparkline.tsx'

interface Stat {
  name: string
  label: string
  unit: string
  value: (metrics: Metrics) => string
  detail: (metrics: Metrics) => string
  /** What the little line draws. */
  level: (metrics: Metrics) => number
  /** The least that the line's full height stands for. */
  full: number
}

const STATS: Stat[] = [
  {
    name: 'cpu',
    label: 'CPU',
    unit: '%',
    value: ({ cpu }) => oneDecimal(cpu),
    detail: ({ cores }) => `of ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    level: ({ cpu }) => cpu,
    full: 100,
  },
  {
    name: 'memory',
    label: 'Memory',
    unit: 'GiB',
    value: ({ memory }) => gibibytes(memory.usedBytes),
    detail: ({ memory }) => `of ${gibibytes(memory.totalBytes)} GiB`,
    level: ({ memory }) => (memory.usedBytes / memory.totalBytes) * 100,
    full: 100,
  },
  {
    name: 'delay',
    label: 'Event-loop delay',
    unit: 'ms',
    value: ({ loopDelay }) => loopDelay.meanMs.toFixed(2),
    detail: ({ loopDelay }) => `at worst ${loopDelay.maxMs.toFixed(1)} ms`,
    level: ({ loopDelay }) => loopDelay.maxMs,
    full: 2,
  },
]

/** The newest numbers, each with the line of what came before. Pale while they are not live. */
export function Stats({ metrics, live }: { metrics: readonly Metrics[]; live: boolean }) {
  const newest = metrics.at(-1)
  return (
    <section className="stats" data-live={live} aria-label="Newest measurements">
      {STATS.map(({ name, label, unit, value, detail, level, full }) => (
        <div className="card stat" key={name} data-series={name}>
          <h2>{label}</h2>
          <p className="stat-value">
            <span data-testid={name}>{newest ? value(newest) : '–'}</span> <span className="stat-unit">{unit}</span>
          </p>
          <p className="stat-detail">{newest ? detail(newest) : '\u00a0'}</p>
          <Sparkline values={metrics.map(level)} full={full} />
        </div>
      ))}
    </section>
  )
}
