import { inject } from 'vitest'

/** What renders the page. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

declare module 'vitest' {
  interface ProvidedContext {
    engine: Engine
  }
}

/** One value for each engine, as measured. Where one differs, the engine has a limit: docs/engines.md says which. */
export type ByEngine<T> = Readonly<Record<Engine, T>>

/** The value for the engine that runs this. */
export function here<T>(values: ByEngine<T>): T {
  return values[inject('engine')]
}
