import type { DashboardEvents, DashboardState } from './events.ts'

/** How many samples are kept: the last minute of them. */
const SAMPLES = 150

/** One event, as the union that its type tells apart. */
export type DashboardEvent = {
  [Type in keyof DashboardEvents]: { readonly type: Type; readonly data: DashboardEvents[Type] }
}[keyof DashboardEvents]

export const NOTHING_YET: DashboardState = { machine: null, samples: [], viewers: 0, deploy: null }

/** The state after `event`. The server keeps its own by it, for snapshots; the page goes on from there, by it too. */
export function step(state: DashboardState, event: DashboardEvent): DashboardState {
  switch (event.type) {
    case 'snapshot': {
      const { machine, samples, viewers, deploy } = event.data
      return { machine, samples, viewers, deploy }
    }
    case 'metrics':
      return { ...state, samples: [...state.samples, event.data].slice(-SAMPLES) }
    case 'viewers':
      return { ...state, viewers: event.data.count }
    case 'deploy':
      return { ...state, deploy: event.data }
  }
}
