import type { ReactNode } from 'react'
import type { DashboardStream } from './use-dashboard.ts'
import { useSecondsUntil } from './use-seconds-until.ts'

type Status = DashboardStream['status']

/** Each state has its own word and shape: colour only repeats what they say. */
const CONNECTING = { label: 'Connecting', icon: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" className="line turning" /> }
const LOOKS: Record<Status, { label: string; icon: ReactNode }> = {
  // This page always asks for its stream, so it is idle only until React has mounted it.
  idle: CONNECTING,
  connecting: CONNECTING,
  open: {
    label: 'Live',
    icon: (
      <>
        <circle cx="8" cy="8" r="3" className="solid" />
        <circle cx="8" cy="8" r="6" className="line faint" />
      </>
    ),
  },
  reconnecting: {
    label: 'Reconnecting',
    icon: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.2v3h-3" className="line" />,
  },
  paused: { label: 'Paused', icon: <path d="M5.5 3.5v9M10.5 3.5v9" className="line" /> },
  closed: { label: 'Closed', icon: <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" className="solid" /> },
  failed: { label: 'Failed', icon: <path d="M8 2.5 14.5 13.5h-13zM8 6.8v3M8 11.6v.1" className="line" /> },
}

interface StatusPillProps {
  status: Status
  /** When it tries again, in epoch ms. */
  retryAt: number | null
  /** It is renewed as the server meant it to be, which alarms nobody. */
  planned: boolean
}

/** The state of the connection in a word, and how long until it tries again. */
export function StatusPill({ status, retryAt, planned }: StatusPillProps) {
  const seconds = useSecondsUntil(retryAt)
  const { label, icon } = LOOKS[status]
  return (
    <span className="pill" data-testid="status" data-status={status} data-planned={planned}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {icon}
      </svg>
      <span>{planned ? 'Resuming' : label}</span>
      {status === 'reconnecting' && (
        <span className="countdown" data-testid="countdown">
          {seconds === null ? 'now' : `in ${seconds} s`}
        </span>
      )}
    </span>
  )
}
