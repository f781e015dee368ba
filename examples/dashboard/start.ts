import { startDashboard } from './dashboard.ts'

const { url, server } = await startDashboard({ port: Number(process.env['PORT'] ?? 5173) })
console.log(`\n  eventwire dashboard\n\n  ➜  ${url}\n\n  Ctrl-C ends it.\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)))
}
