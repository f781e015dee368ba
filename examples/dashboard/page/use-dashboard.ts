import { useSSE, useSSEReducer } from 'eventwire'
import { NOTHING_YET, step } from '../state.ts'
import { dashboard } from './stream.ts'

/** The stream as the page shows it, with its last 240 events: a minute and a half of them. */
export const useDashboard = () => useSSE(dashboard, { history: 240 })

/** What its events amount to: the snapshot that comes first, and every change since. */
export const useDashboardState = () => useSSEReducer(dashboard, step, NOTHING_YET)

export type DashboardStream = ReturnType<typeof useDashboard>
export type DashboardEvent = DashboardStream['history'][number]
