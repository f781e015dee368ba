import type { ReactNode } from 'react'
import type { ReconnectReason, Status } from 'eventwire'
import { useSecondsUntil } from '../stage/time-context.ts'

/** Each state has its own word and shape: colour only repeats what they say. */
const LOOKS: Record<Status, { label: string; icon: ReactNode }> = {
  idle: { label: 'Idle', icon: <circle cx="8" cy="8" r="5.5" /> },
  connecting: { label: 'Connecting', icon: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" /> },
  open: { label: 'Live', icon: <circle cx="8" cy="8" r="4" className="solid" /> },
  reconnecting: { label: 'Reconnecting', icon: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.2v3h-3" /> },
  paused: { label: 'Paused', icon: <path d="M5.5 3.5v9M10.5 3.5v9" /> },
  closed: { label: 'Closed', icon: <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" className="solid" /> },
  failed: { label: 'Failed', icon: <path d="M8 2.5 14.5 13.5h-13zM8 6.8v3M8 11.6v.1" /> },
}

interface StatusPillProps {
  status: Status
  retryAt: number | null
  reconnectReason: ReconnectReason
}

/** The state of a stream in a word, and how long until it tries again. */
export function StatusPill({ status, retryAt, reconnectReason }: StatusPillProps) {
  const seconds = useSecondsUntil(retryAt)
  const { label, icon } = LOOKS[status]
  const planned = reconnectReason === 'planned'
  return (
    <span className="pill" role="status" data-status={status} data-planned={planned}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {icon}
      </svg>
      <span>{planned ? 'Resuming' : label}</span>{' '}
      {status === 'reconnecting' && <span className="countdown">{seconds === null ? 'now' : `in ${seconds} s`}</span>}
    </span>
  )
}
