import type { EventsOf } from 'eventwire'
import type { Deploy, Metrics } from './metrics.ts'
import { defineSSE, json, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { useState } from 'react'
import { EventRows } from './parts/event-rows.tsx'
import { LineChart } from './parts/line-chart.tsx'
import { Stat } from './parts/stat.tsx'
import { StatusPill } from './parts/status-pill.tsx'

const metrics = defineSSE({
  url: '/api/stream/metrics',
  events: { metrics: json<Metrics>(), deploy: json<Deploy>() },
})

type Samples = readonly Metrics[]

/** A minute of samples. The reducer sees every event; React sees a frame. */
const keepMinute = (samples: Samples, event: EventsOf<typeof metrics.events>): Samples =>
  event.type === 'metrics' ? [...samples, event.data].slice(-120) : samples

export function LiveDashboard() {
  const stream = useSSE(metrics, { history: 40 })
  const samples = useSSEReducer(metrics, keepMinute, [])
  const [version, setVersion] = useState('')
  useSSEEvent(metrics, 'deploy', (deploy) => setVersion(deploy.version))

  return (
    <>
      <div className="card-head">
        <h2>Production{version && `, version ${version}`}</h2>
        <StatusPill {...stream} />
      </div>
      <div className="columns" data-live={stream.isConnected}>
        <Stat series="cpu" label="CPU" unit="%" values={samples.map(({ cpu }) => cpu)} full={100} />
        <Stat series="memory" label="Memory" unit="GiB" values={samples.map(({ memory }) => memory)} full={16} />
        <Stat series="delay" label="Event-loop delay" unit="ms" values={samples.map(({ delay }) => delay)} full={8} />
      </div>
      <LineChart
        title="The last minute"
        lines={[
          { series: 'cpu', label: 'CPU', values: samples.map(({ cpu }) => cpu) },
          { series: 'memory', label: 'Memory', values: samples.map(({ memory }) => (memory / 16) * 100) },
        ]}
      />
      <section className="card">
        <div className="card-head">
          <h2>Event log</h2>
          <span className="muted">the last {stream.history.length}</span>
        </div>
        <EventRows label="Events, newest first" events={stream.history} />
      </section>
    </>
  )
}
