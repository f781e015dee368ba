import { useSSE } from 'eventwire'
import { dashboard } from './stream.ts'

/** The stream as the page shows it, with its last 240 events: a minute and a half of them. */
export const useDashboard = () => useSSE(dashboard, { history: 240 })

export type DashboardStream = ReturnType<typeof useDashboard>
export type DashboardEvent = DashboardStream['history'][number]
