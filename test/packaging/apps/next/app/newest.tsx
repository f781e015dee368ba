'use client'

import { useSSE } from 'eventwire'
import { ticks } from '../ticks'

export function Newest() {
  const { status, history } = useSSE(ticks)
  return (
    <p>
      {status}: {history.map((event) => event.data.count).join(', ') || 'nothing yet'}
    </p>
  )
}
