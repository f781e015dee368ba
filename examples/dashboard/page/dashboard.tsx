import { Announcer } from './announcer.tsx'
import { Chart } from './chart.tsx'
import { EventLog } from './event-log.tsx'
import { Header } from './header.tsx'
import { healthOf } from './health.ts'
import { Readers } from './readers.tsx'
import { Stats } from './stats.tsx'
import { StatusNote } from './status-note.tsx'
import { TransportSwitch } from './transport-switch.tsx'
import { Trouble } from './trouble.tsx'
import { useDashboard, useDashboardState } from './use-dashboard.ts'
import { useQuietSeconds } from './use-quiet-seconds.ts'
import { useRecentError } from './use-recent-error.ts'

/** The page. Its parts get what they show as props; `Readers` asks for the stream itself, many times over. */
export function Dashboard({ components }: { components: number }) {
  const stream = useDashboard()
  const state = useDashboardState()
  const health = healthOf(stream, state, useQuietSeconds(stream), useRecentError(stream))
  const { machine, samples, viewers } = state

  return (
    <>
      <Header stream={stream} planned={health.planned} />
      <main>
        <div className="intro">
          <div className="intro-head">
            <h1>This machine, live</h1>
            <TransportSwitch />
          </div>
          <StatusNote stream={stream} health={health} />
          <Announcer stream={stream} health={health} />
        </div>
        <Stats machine={machine} samples={samples} live={stream.isConnected || health.planned} />
        <Trouble connected={stream.isConnected} />
        <Chart machine={machine} samples={samples} />
        <EventLog events={stream.history} />
        <Readers initial={components} viewers={viewers} />
      </main>
    </>
  )
}
