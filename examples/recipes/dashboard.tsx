/** A dashboard of many charts over one connection, which shows after a reload at once what it showed before. */
import { defineSSE, json, useSSE } from 'eventwire'

export interface Sample {
  readonly chart: number
  readonly value: number
}

export const samples = defineSSE({
  url: '/samples',
  events: { sample: json<Sample>() },
  persist: { key: 'dashboard', maxAgeMs: 3_600_000 },
})

/** Renders when its own value changes, and not with every event. */
function Chart({ chart }: { chart: number }) {
  const value = useSSE(samples, {
    history: 500,
    select: ({ history }) => history.filter(({ data }) => data.chart === chart).at(-1)?.data.value ?? null,
  })
  return <li>{`${chart}: ${value ?? '–'}`}</li>
}

export function Dashboard({ charts }: { charts: number }) {
  return (
    <ul>
      {Array.from({ length: charts }, (_, chart) => (
        <Chart key={chart} chart={chart} />
      ))}
    </ul>
  )
}
