import { createSSEClient, SSEProvider } from 'eventwire'
import { nativeTransport } from 'eventwire/native'
import { Dashboard } from './dashboard'

const client = createSSEClient({ baseUrl: 'https://api.example.com/v1', transport: nativeTransport() })

/** The app as it ships: a client of its own, over the browser's EventSource. */
export function App() {
  return (
    <SSEProvider client={client}>
      <Dashboard />
    </SSEProvider>
  )
}
