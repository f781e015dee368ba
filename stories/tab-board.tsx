import { useLayoutEffect, useState, useSyncExternalStore } from 'react'
import { Action } from './parts/action.tsx'
import { BackstageRow } from './parts/backstage-row.tsx'
import { Facts } from './parts/facts.tsx'
// eslint-disable-next-line import/default -- Vite makes one: the URL of what it bundles
import frameUrl from './tab-frame.tsx?worker&url'
import type { TabHost } from './tab-host.ts'
import { createTabHost } from './tab-host.ts'

/** What Vite's plugin for React expects of a page in development, where it is built it asks for nothing. */
const PREAMBLE = '<script>window.$RefreshReg$ = () => {}; window.$RefreshSig$ = () => (type) => type</script>'

const pageOf = (name: string) =>
  `<!doctype html><html id="${name}" lang="en"><title>${name}</title><meta name="color-scheme" content="light dark">` +
  `<style>body{margin:0;display:grid;place-items:center;height:100vh;font:14px system-ui}</style>` +
  `<main></main>${PREAMBLE}<script type="module" src="${new URL(frameUrl, location.href).href}"></script></html>`

/** So many tabs, each a frame with a page of its own; one server that all of them ask. */
export function TabBoard({ tabs }: { tabs: number }) {
  const [host] = useState(createTabHost)
  // Frames are loaded after this: they find it here.
  useLayoutEffect(() => {
    Object.assign(window, { eventwireTabs: host })
    return host.start()
  }, [host])
  return <Board key={tabs} host={host} count={tabs} />
}

function Board({ host, count }: { host: TabHost; count: number }) {
  const [names, setNames] = useState(() => Array.from({ length: count }, (_, index) => `tab-${index + 1}`))
  const [opened, setOpened] = useState(count)
  const reports = useSyncExternalStore(host.subscribe, host.reports)
  const connections = useSyncExternalStore(host.subscribe, host.connections)
  const requests = useSyncExternalStore(host.subscribe, host.requests)
  const owner = names.find((name) => reports[name]?.owner)
  const wrong = Object.values(reports).reduce((sum, report) => sum + report.wrong, 0)

  function close(name: string | undefined) {
    if (!name) return
    setNames(names.filter((other) => other !== name))
    host.forget(name)
  }

  return (
    <div className="stage">
      <div className="backstage">
        <BackstageRow name="Tabs">
          <Action label="Kill the owner" onPress={() => close(owner)} />
          <Action
            label="Open one more"
            onPress={() => {
              setNames([...names, `tab-${opened + 1}`])
              setOpened(opened + 1)
            }}
          />
        </BackstageRow>
      </div>
      <section className="card">
        <div className="card-head">
          <h2>{names.length} tabs, one connection</h2>
        </div>
        <ul className="frames" aria-label="Tabs">
          {names.map((name) => (
            <li key={name} className={name === owner ? 'frame owner' : 'frame'}>
              <h3>
                {name}
                <span className="frame-role">{name === owner ? 'owner' : 'hears it'}</span>
              </h3>
              {/* eslint-disable-next-line react/iframe-missing-sandbox -- tabs of one origin: the page is ours */}
              <iframe title={name} srcDoc={pageOf(name)} />
            </li>
          ))}
        </ul>
      </section>
      <section className="card">
        <div className="card-head">
          <h2>Seen from the server</h2>
        </div>
        <Facts values={{ Connections: connections, 'Requests so far': requests, Owner: owner ?? '–', 'Lost or doubled': wrong }} />
      </section>
    </div>
  )
}
