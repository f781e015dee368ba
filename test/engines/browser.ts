/** A browser that was started for tests: one page, and the means to lead it somewhere. */
export interface Browser {
  open(url: string): Promise<void>
  close(): Promise<void>
}
