import { useSSE } from 'eventwire'
import { useState } from 'react'
import type { DashboardStats } from '../server.ts'
import { authorization } from './token.ts'

/**
 * Mounts a component with a stream of its own, `total` times one after the other: the next comes when the one
 * before is open. StrictMode mounts each twice, and still each makes one request.
 */
export function StrictMounts({ total }: { total: number }) {
  const [opened, setOpened] = useState(0)
  const [requests, setRequests] = useState<number | null>(null)
  const current = Math.min(opened + 1, total)

  const onOpen = async (): Promise<void> => {
    setOpened(opened + 1)
    if (opened + 1 < total) return
    const response = await fetch('/stats')
    // A seam: the server says that this is what it answers.
    const stats = (await response.json()) as DashboardStats
    setRequests(stats.requests)
  }

  return (
    <main className="strict">
      <div className="card">
        <h1>StrictMode, {total} mounts</h1>
        <p role="status" data-testid="mounts" data-opened={opened}>
          {opened < total
            ? `Mount ${current} of ${total} is opening its stream…`
            : `All ${total} opened. The server has seen ${requests ?? '…'} requests since it started.`}
        </p>
        <ul className="tiles" aria-hidden="true">
          {Array.from({ length: total }, (_, index) => (
            <li key={index} className="tile" data-done={index < opened}>
              {index + 1}
            </li>
          ))}
        </ul>
        <Mount key={current} url={`/events?mount=${current}`} onOpen={() => void onOpen()} />
        <p>
          <a href="/">To the dashboard</a>
        </p>
      </div>
    </main>
  )
}

function Mount({ url, onOpen }: { url: string; onOpen: () => void }) {
  useSSE({ url, headers: authorization }, { onOpen })
  return null
}
