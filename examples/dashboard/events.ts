/** What the server measured of its machine and itself; sent as `metrics`, a few times a second. */
export interface Metrics {
  /** When it was measured, in epoch ms. */
  at: number
  /** How busy all cores together were since the sample before, in percent. */
  cpu: number
  /** How much memory was in use, in bytes. */
  memory: number
  /** How late the server's event loop ran its timers since the sample before, in ms. */
  loopDelay: { meanMs: number; maxMs: number }
}

/** How many watch; sent as `viewers`, when one comes or goes. */
export interface Viewers {
  /** When, in epoch ms. */
  at: number
  /** How many event streams the server holds open. */
  count: number
}

/** The server restarts its stream; sent as `deploy`, before it ends every response and when it is back. */
export interface Deploy {
  /** When, in epoch ms. */
  at: number
  phase: 'starting' | 'done'
}

/** What does not change while the server runs. */
export interface Machine {
  cores: number
  /** In bytes. */
  memory: number
}

/** Everything that the events amount to. */
export interface DashboardState {
  /** `null` until something is known of it. */
  machine: Machine | null
  /** The last minute, oldest first. */
  samples: readonly Metrics[]
  viewers: number
  /** The last one; `null` when there was none yet. */
  deploy: Deploy | null
}

/** Where everything stands, up to the id it comes with; sent as `snapshot`, first, to whoever can not resume. */
export interface Snapshot extends DashboardState {
  /** When, in epoch ms. */
  at: number
}

/** Every event of the stream, by its type. Server and page share this file. */
export interface DashboardEvents {
  snapshot: Snapshot
  metrics: Metrics
  viewers: Viewers
  deploy: Deploy
}
