import type { TabHost } from './tab-host.ts'
import { SSEProvider } from 'eventwire'
import { createRoot } from 'react-dom/client'
import { createTabClient, Tab } from './tab.tsx'

/** Runs in a frame of its own: another page, with another realm, as another tab would be. */
const host = (parent as { eventwireTabs?: TabHost }).eventwireTabs
const name = document.documentElement.id
const root = document.querySelector('main')

if (host && root) {
  const client = createTabClient(host.fetch, 'alice')
  client.observe((fact) => {
    if (fact.type === 'owner') host.report(name, { owner: fact.owner })
  })
  createRoot(root).render(
    <SSEProvider client={client}>
      <Tab onStatus={(tick) => tick !== null && host.report(name, { tick })} />
    </SSEProvider>,
  )
}
