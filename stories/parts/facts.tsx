import type { ReactNode } from 'react'

/** Values, each under its name. */
export function Facts({ values }: { values: Record<string, ReactNode> }) {
  return (
    <dl className="facts">
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
