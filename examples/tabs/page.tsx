import type { Tick } from './server.ts'
import { SSEProvider, useSSE } from 'eventwire'
import { createSSEClient, fetchTransport } from 'eventwire/core'
import { crossTabTransport } from 'eventwire/cross-tab'
import { useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { createTabList } from './tab-list.ts'

// All that an app has to do.
const client = createSSEClient({ transport: crossTabTransport(fetchTransport()) })

const list = createTabList()
let owner = false
client.observe((fact) => {
  if (fact.type === 'owner') owner = fact.owner
})

function Page() {
  const [counts, setCounts] = useState({ wrong: 0, last: 0 })
  const { data, status } = useSSE<Tick>('/events', {
    replays: true,
    onMessage({ tick }) {
      setCounts(({ wrong, last }) => ({ wrong: wrong + (last !== 0 && tick !== last + 1 ? 1 : 0), last: tick }))
      list.tell({ owner, tick })
    },
  })
  const tabs = useSyncExternalStore(list.subscribe, list.tabs)
  const mine = tabs.find(({ name }) => name === list.name)
  return (
    <>
      <h1>One connection for all tabs</h1>
      <p className="tick">{data?.tick ?? '–'}</p>
      <p>
        This tab <span className="role">{mine?.owner ? 'owns the connection' : 'hears it from another'}</span>; the stream is {status}.
      </p>
      <dl className="facts">
        <div>
          <dt>Tabs</dt>
          <dd>{tabs.length}</dd>
        </div>
        <div>
          <dt>Connections at the server</dt>
          <dd>{data?.connections ?? '–'}</dd>
        </div>
        <div>
          <dt>Lost or doubled here</dt>
          <dd>{counts.wrong}</dd>
        </div>
      </dl>
      <p>
        <button type="button" onClick={() => window.open(location.href)}>
          Open another tab
        </button>
        <button type="button" onClick={() => Array.from({ length: 9 }, () => window.open(location.href))}>
          Open nine
        </button>
        <button type="button" onClick={list.killOwner}>
          Kill the owner
        </button>
      </p>
      <p className="muted">The browser may ask before a page opens nine; or open them by hand.</p>
      <ul className="tabs" aria-label="Tabs">
        {tabs.map(({ name, owner: owns, tick }) => (
          <li key={name} className={owns ? 'owner' : undefined}>
            {name} {owns ? '★' : ''} <span className="muted">{tick}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <SSEProvider client={client}>
      <Page />
    </SSEProvider>,
  )
