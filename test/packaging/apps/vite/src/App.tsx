import { version } from 'react'
import { useSSE, useSSEEvent } from 'eventwire'

export default function App() {
  const { data, status } = useSSE<{ count: number }>('/events')
  useSSEEvent('/events', 'tick', () => console.log('tick'))
  return (
    <main>
      <h1>React {version}</h1>
      <p>{data ? `Tick ${data.count}` : status}</p>
    </main>
  )
}
