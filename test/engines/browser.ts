/** A browser that was started for tests: one page, and the means to lead it somewhere. */
export interface Browser {
  open(url: string): Promise<void>
  close(): Promise<void>
}

/** One of several tabs of a browser, in a process of its own where the browser gives it one. */
export interface DrivenTab {
  evaluate<T>(expression: string): Promise<T>
  close(): Promise<void>
}

/** A browser that opens as many as it is asked for. */
export interface WithTabs extends Browser {
  openTab(url: string): Promise<DrivenTab>
  /** The process that it was started as: those of its pages descend from it. */
  readonly pid: number
}
