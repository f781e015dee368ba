import { useMemo } from 'react'
import { Chart } from './chart.tsx'
import { EventLog } from './event-log.tsx'
import { Header } from './header.tsx'
import { Readers } from './readers.tsx'
import { Stats } from './stats.tsx'
import { StatusNote } from './status-note.tsx'
import { useDashboard } from './use-dashboard.ts'
import { Trouble } from './trouble.tsx'

/** The page. Its parts get what they show as props; `Readers` asks for the stream itself, many times over. */
export function Dashboard({ components }: { components: number }) {
  const stream = useDashboard()
  const { history } = stream
  const metrics = useMemo(() => history.flatMap((event) => (event.type === 'metrics' ? [event.data] : [])), [history])

  return (
    <>
      <Header stream={stream} />
      <main>
        <div className="intro">
          <h1>This machine, live</h1>
          <StatusNote stream={stream} />
        </div>
        <Stats metrics={metrics} live={stream.isConnected} />
        <Chart metrics={metrics} />
        <Trouble connected={stream.isConnected} />
        <EventLog events={history} />
        <Readers initial={components} />
      </main>
    </>
  )
}
