/** The API as its documentation shows it: compiled, never run. */
import { SSEProvider, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { createParser, createSSEClient, defineSSE, json, openSSE, text } from 'eventwire/core'
import { z } from 'zod'

interface Metrics {
  cpu: number
}
interface Alert {
  title: string
}
interface Point {
  x: number
  y: number
}

declare function getToken(): Promise<string>
declare function toast(message: string): void

const MetricsSchema = z.object({ cpu: z.number() })

// 1. One line.
export function OneLine() {
  const { data, status, isConnected, history, error } = useSSE<Metrics>('/api/stream/metrics', { history: 50 })
  return <p>{isConnected ? data?.cpu : `${status} ${error?.message ?? ''} ${history.length}`}</p>
}

// 2. Typed once, used anywhere.
export const ops = defineSSE({
  url: '/events',
  events: { metrics: MetricsSchema, alert: json<Alert>(), log: text() },
  headers: async () => ({ Authorization: `Bearer ${await getToken()}` }),
})

export function Typed() {
  const cpu = useSSE(ops, { select: (s) => s.latest.metrics?.data.cpu })
  useSSEEvent(ops, 'alert', (alert, event) => toast(`${alert.title} ${event.seq}`))
  useSSEEvent<Alert>('/events', 'alert', (alert) => toast(alert.title))
  return <p>{cpu}</p>
}

// 3. Fold a stream into state.
const push = (points: Point[], { cpu }: Metrics): Point[] => [...points, { x: points.length, y: cpu }]

export function Fold() {
  const points = useSSEReducer(
    ops,
    (acc, event) => (event.type === 'metrics' ? push(acc, event.data) : acc),
    [] as Point[],
  )
  return <p>{points.length}</p>
}

// 5. Without React.
export async function read(signal: AbortSignal): Promise<void> {
  for await (const event of openSSE({ url: '/events', signal })) toast(event.raw)
}

// The hook that tutorials teach.
export function Tutorial() {
  const { data, isConnected } = useSSE<Metrics>({
    url: '/events',
    onMessage: (metrics) => toast(String(metrics.cpu)),
    onError: (error) => toast(error.message),
  })
  return <p>{isConnected ? data?.cpu : 'waiting'}</p>
}

// Defaults for a tree, and a client of one's own.
const client = createSSEClient({ baseUrl: 'https://api.example.com', retry: { maxMs: 10_000 }, onUncaught: console.error })

export function App() {
  return (
    <SSEProvider client={client} headers={async () => ({ Authorization: await getToken() })}>
      <OneLine />
    </SSEProvider>
  )
}

export function monitor(): string[] {
  const subscription = client.subscribe(ops, { onMessage: (data, event) => toast(`${event.type} ${JSON.stringify(data)}`) })
  subscription.reconnect()
  subscription()
  client.closeAll()
  return client.streams().map(({ id, url, status, users, events, bytes, reconnects }) =>
    [id, url, status, users, events, bytes, reconnects].join(' '),
  )
}

const parser = createParser({ onEvent: ({ type, data, lastEventId }) => toast(type + data + lastEventId), maxEventSize: 1_000 })
parser.feed(new Uint8Array())
parser.end()
