import { parseArgs } from 'node:util'
import { startDashboard } from './dashboard.ts'
import { startTabs } from '../tabs/tabs.ts'

const { values } = parseArgs({ options: { tabs: { type: 'boolean', default: false } } })
const port = Number(process.env['PORT'] ?? 5173)
const { url, server } = values.tabs ? await startTabs({ port }) : await startDashboard({ port })
console.log(`\n  eventwire ${values.tabs ? 'tabs' : 'dashboard'}\n\n  ➜  ${url}\n\n  Ctrl-C ends it.\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)))
}
