/** What the server measured; sent as `metrics`, twice a second. */
export interface Metrics {
  /** When, in epoch ms. */
  at: number
  /** In percent. */
  cpu: number
  /** In GiB. */
  memory: number
  /** How late timers were, in ms. */
  delay: number
}

/** Sent as `deploy`. */
export interface Deploy {
  version: string
}
