import type { Machine, Metrics } from '../events.ts'
import { gibibytes, oneDecimal } from './format.ts'
import { Sparkline } from './sparkline.tsx'

interface Stat {
  name: string
  label: string
  unit: string
  value: (metrics: Metrics) => string
  detail: (metrics: Metrics, machine: Machine) => string
  /** What the little line draws. */
  level: (metrics: Metrics, machine: Machine) => number
  /** The least that the line's full height stands for. */
  full: number
}

const STATS: Stat[] = [
  {
    name: 'cpu',
    label: 'CPU',
    unit: '%',
    value: ({ cpu }) => oneDecimal(cpu),
    detail: (_, { cores }) => `of ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    level: ({ cpu }) => cpu,
    full: 100,
  },
  {
    name: 'memory',
    label: 'Memory',
    unit: 'GiB',
    value: ({ memory }) => gibibytes(memory),
    detail: (_, { memory }) => `of ${gibibytes(memory)} GiB`,
    level: ({ memory }, machine) => (memory / machine.memory) * 100,
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

interface StatsProps {
  machine: Machine | null
  samples: readonly Metrics[]
  live: boolean
}

/** The newest numbers, each with the line of what came before. Pale while they are not live. */
export function Stats({ machine, samples, live }: StatsProps) {
  const newest = samples.at(-1)
  return (
    <section className="stats" data-live={live} aria-label="Newest measurements">
      {STATS.map(({ name, label, unit, value, detail, level, full }) => (
        <div className="card stat" key={name} data-series={name}>
          <h2>{label}</h2>
          <p className="stat-value">
            <span data-testid={name}>{newest ? value(newest) : '–'}</span> <span className="stat-unit">{unit}</span>
          </p>
          <p className="stat-detail">{newest && machine ? detail(newest, machine) : '\u00a0'}</p>
          <Sparkline values={machine ? samples.map((sample) => level(sample, machine)) : []} full={full} />
        </div>
      ))}
    </section>
  )
}
