import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import type { Machine, Metrics } from '../events.ts'
import { oneDecimal } from './format.ts'

/** The chart starts with the first number and grows to the second, in seconds. */
const SHORTEST = 15
const LONGEST = 60
/** Two samples further apart than this, in seconds, have a gap between them instead of a line. */
const GAP = 5

/** CPU and memory over the last minute. */
export function Chart({ machine, samples }: { machine: Machine | null; samples: readonly Metrics[] }) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const data = useMemo(() => columns(samples, machine?.memory ?? Infinity), [samples, machine])

  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new uPlot(options(element, setPointed), [[], [], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize(sizeOf(element)))
    resized.observe(element)
    // The canvas does not know CSS: repaint it when the colours change.
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const repaint = () => made.redraw()
    scheme.addEventListener('change', repaint)
    return () => {
      scheme.removeEventListener('change', repaint)
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [])

  useEffect(() => plot.current?.setData(data), [data])

  const [ago, cpu, memory] = data
  const at = pointed !== null && pointed < ago.length ? pointed : ago.length - 1
  return (
    <section className="card chart" aria-labelledby="chart-title">
      <div className="card-head">
        <h2 id="chart-title">The last minute</h2>
        <p className="legend">
          <span className="legend-when">{at < 0 ? '' : when(ago[at] ?? 0)}</span>
          <span data-series="cpu">CPU {percent(cpu[at])}</span>
          <span data-series="memory">Memory {percent(memory[at])}</span>
        </p>
      </div>
      <div className="plot" ref={host} role="img" aria-label="Line chart of CPU and memory use over the last minute" />
    </section>
  )
}

const sizeOf = (element: HTMLElement) => ({ width: element.clientWidth, height: element.clientHeight })
/** Padded with spaces as wide as a digit, so that the legend stands still. */
const percent = (value: number | null | undefined): string =>
  `${value == null ? '–' : oneDecimal(value)} %`.padEnd(7, '\u2007')
const when = (ago: number): string => (ago > -0.5 ? 'now' : `${Math.round(-ago)} s ago`)

/** What uPlot draws: seconds before the newest sample, and a column for each line. `allMemory` is in bytes. */
function columns(samples: readonly Metrics[], allMemory: number): [number[], (number | null)[], (number | null)[]] {
  const newest = samples.at(-1)?.at ?? 0
  const ago: number[] = []
  const cpu: (number | null)[] = []
  const memory: (number | null)[] = []
  for (const sample of samples) {
    const x = (sample.at - newest) / 1000
    const before = ago.at(-1)
    if (before !== undefined && x - before > GAP) {
      ago.push((x + before) / 2)
      cpu.push(null)
      memory.push(null)
    }
    ago.push(x)
    cpu.push(sample.cpu)
    memory.push((sample.memory / allMemory) * 100)
  }
  return [ago, cpu, memory]
}

function options(element: HTMLElement, onPoint: (index: number | null) => void): uPlot.Options {
  // Asked at every repaint, so that the page's colours hold in light and dark.
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name)
  const font = '12px system-ui, sans-serif'
  const axis = { stroke: color('--muted'), font, ticks: { show: false } }
  return {
    ...sizeOf(element),
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: false, range: (_, oldest) => [-Math.min(LONGEST, Math.max(SHORTEST, -oldest)), 0] },
      y: { range: [0, 100] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 32,
        gap: 10,
        incrs: [5, 15],
        values: (_, splits) => splits.map((split) => (split === 0 ? 'now' : `−${-split} s`)),
      },
      {
        ...axis,
        grid: { stroke: color('--grid'), width: 1 },
        size: 52,
        gap: 10,
        splits: () => [0, 25, 50, 75, 100],
        values: (_, splits) => splits.map((split) => `${split} %`),
      },
    ],
    series: [
      {},
      { stroke: color('--cpu'), fill: color('--cpu-fill'), width: 2, points: { show: false } },
      { stroke: color('--memory'), width: 2, points: { show: false } },
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  }
}
