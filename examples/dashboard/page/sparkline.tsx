const FEWEST = 25
const MOST = 100

/** A line without axes through the last hundred values; new ones come in on the right, older ones move closer. */
export function Sparkline({ values, full }: { values: readonly number[]; full: number }) {
  const shown = values.slice(-MOST)
  const top = Math.max(full, ...shown)
  const last = Math.max(FEWEST, shown.length) - 1
  const first = last + 1 - shown.length
  const line = shown.map((value, index) => `${first + index},${(100 - (value / top) * 96 - 2).toFixed(1)}`)
  return (
    <svg className="sparkline" viewBox={`0 0 ${last} 100`} preserveAspectRatio="none" aria-hidden="true">
      {shown.length > 1 && (
        <>
          <polygon points={`${first},100 ${line.join(' ')} ${last},100`} />
          <polyline points={line.join(' ')} />
        </>
      )}
    </svg>
  )
}
