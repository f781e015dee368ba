import type { ReactNode } from 'react'

/** One row of what a visitor can do from outside the app. */
export function BackstageRow({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="backstage-row" role="group" aria-label={name}>
      <span className="muted">{name}</span>
      <div className="actions">{children}</div>
    </div>
  )
}
