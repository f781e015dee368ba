/** What the server measured of its machine and itself; sent as `metrics`, a few times a second. */
export interface Metrics {
  /** When it was measured, in epoch ms. */
  at: number
  /** How busy all cores together were since the sample before, in percent. */
  cpu: number
  /** How many cores there are. */
  cores: number
  memory: { usedBytes: number; totalBytes: number }
  /** How late the server's event loop ran its timers since the sample before, in ms. */
  loopDelay: { meanMs: number; maxMs: number }
  /** How many event streams the server holds open. */
  clients: number
}

/** Something that happened; sent as `notice`, when it does. */
export interface Notice {
  /** When, in epoch ms. */
  at: number
  level: 'info' | 'warning'
  text: string
}

/** Every event of the stream, by its type. Server and page share this file. */
export interface DashboardEvents {
  metrics: Metrics
  notice: Notice
}
