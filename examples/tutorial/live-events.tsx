import { useState } from 'react'
import { useSSE } from 'eventwire'

interface ServerEvent {
  count: number
  message: string
  time: string
}

export function LiveEvents() {
  const [events, setEvents] = useState<ServerEvent[]>([])

  const { isConnected } = useSSE<ServerEvent>({
    url: 'http://localhost:3001/events',
    onMessage: (event) => setEvents((previous) => [...previous, event].slice(-10)),
    onError: (error) => console.error('Event stream:', error),
  })

  return (
    <section>
      <h1>Live events</h1>
      <p>Status: {isConnected ? 'connected' : 'disconnected'}</p>
      <ul>
        {events.map((event) => (
          <li key={event.time}>
            {event.message} <time>{event.time}</time>
          </li>
        ))}
      </ul>
    </section>
  )
}
