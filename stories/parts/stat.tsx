import { Sparkline } from '../../examples/dashboard/page/sparkline.tsx'

interface StatProps {
  /** Names its colour. */
  series: string
  label: string
  unit: string
  /** Oldest first. */
  values: readonly number[]
  /** The least that the line's full height stands for. */
  full: number
}

/** The newest number, with the line of what came before. */
export function Stat({ series, label, unit, values, full }: StatProps) {
  return (
    <section className="card stat" data-series={series}>
      <h2>{label}</h2>
      <p className="stat-value">
        {values.at(-1)?.toFixed(1) ?? '–'} <span className="stat-unit">{unit}</span>
      </p>
      <Sparkline values={values} full={full} />
    </section>
  )
}
