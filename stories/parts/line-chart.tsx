interface Line {
  /** Names its colour. */
  series: string
  label: string
  /** In percent, oldest first. */
  values: readonly number[]
}

interface LineChartProps {
  title: string
  lines: readonly Line[]
}

/** How many samples the width stands for. */
const WIDTH = 120
const RULES = [100, 75, 50, 25, 0]

/** Lines in percent: new values come in on the right. */
export function LineChart({ title, lines }: LineChartProps) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        <p className="legend">
          {lines.map(({ series, label, values }) => (
            <span key={series} data-series={series}>
              {label} {values.at(-1)?.toFixed(0) ?? '–'} %
            </span>
          ))}
        </p>
      </div>
      <div className="chart">
        <div className="chart-scale" aria-hidden="true">
          {RULES.map((rule) => (
            <span key={rule}>{rule} %</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${WIDTH - 1} 100`} preserveAspectRatio="none" role="img" aria-label={describe(title, lines)}>
          {RULES.map((rule) => (
            <line key={rule} className="chart-rule" x1="0" x2={WIDTH - 1} y1={rule} y2={rule} />
          ))}
          {lines.map(({ series, values }) => (
            <polyline
              key={series}
              data-series={series}
              points={pointsOf(values)}
            />
          ))}
        </svg>
      </div>
    </section>
  )
}

function pointsOf(values: readonly number[]): string {
  return values.map((value, index) => `${WIDTH - values.length + index},${(100 - value).toFixed(1)}`).join(' ')
}

function describe(title: string, lines: readonly Line[]): string {
  return `${title}: ${lines.map(({ label }) => label).join(' and ')}, in percent`
}
