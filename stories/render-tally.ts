import { createContext, useContext, useEffect } from 'react'

/** Counts how often components render. */
export interface RenderTally {
  add(): void
  renders(): number
  subscribe(changed: () => void): () => void
}

export function createRenderTally(): RenderTally {
  const watchers = new Set<() => void>()
  let renders = 0
  return {
    add() {
      renders++
      for (const changed of [...watchers]) changed()
    },
    renders: () => renders,
    subscribe(changed) {
      watchers.add(changed)
      return () => void watchers.delete(changed)
    },
  }
}

export const RenderTallyContext = createContext<RenderTally>(createRenderTally())

/** Counts every render of the component that calls it. */
export function useRenderTally(): void {
  const { add } = useContext(RenderTallyContext)
  useEffect(add)
}
