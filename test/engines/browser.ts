/** A browser that was started for tests: one page, and the means to lead it somewhere. */
export interface Browser {
  /** Name and version, e.g. `Firefox 140.4`. */
  readonly version: string
  open(url: string): Promise<void>
  close(): Promise<void>
}
