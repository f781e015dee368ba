import type { DashboardStream } from './use-dashboard.ts'
import { StatusPill } from './status-pill.tsx'

/** Name, state of the connection, and the switch that closes and opens it. Stays in view. */
export function Header({ stream, planned }: { stream: DashboardStream; planned: boolean }) {
  const { status, open, close } = stream
  const over = status === 'closed' || status === 'failed'
  return (
    <header className="header">
      <div className="header-inner">
        <span className="brand">
          <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--brand)" />
            <path
              d="M6 17h5l3-8 4 14 3-6h5"
              fill="none"
              stroke="#fff"
              strokeWidth="2.5"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          eventwire <span className="brand-part">dashboard</span>
        </span>
        <StatusPill status={status} retryAt={stream.retryAt} planned={planned} />
        <button type="button" className="button toggle" data-testid="toggle" onClick={over ? open : close}>
          {over ? 'Open' : 'Close'}
        </button>
      </div>
    </header>
  )
}
