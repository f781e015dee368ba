import type { Decorator, StoryContext } from '@storybook/react-vite'
import type { ComponentType, ReactNode } from 'react'
import type { Stage } from './stage.ts'
import { useEffect, useLayoutEffect, useState } from 'react'
import { TimeControls } from './time-controls.tsx'
import { TimeProvider } from './time-context.ts'

/** What a play function gets, with what is on the story's stage. */
type Scene<S extends Stage> = S & Pick<StoryContext, 'canvas' | 'canvasElement' | 'step' | 'userEvent'>

type Shown = Pick<StoryContext, 'canvasElement' | 'viewMode' | 'globals'>

interface Around<S extends Stage> {
  /** What a visitor can do from outside the app, above it. */
  readonly Backstage?: ComponentType<{ stage: S }>
  /** What is seen of it from outside, below it. */
  readonly Outside?: ComponentType<{ stage: S }>
}

interface Staged<S extends Stage> {
  readonly decorators: Decorator[]
  /** Plays with time at rest; then it runs, for who watches. */
  play(direct: (scene: Scene<S>) => Promise<void>): (context: StoryContext) => Promise<void>
}

/** Gives each story that is shown a stage of its own, which stays when its controls change. */
export function staged<S extends Stage>(create: () => S, { Backstage, Outside }: Around<S> = {}): Staged<S> {
  const stages = new WeakMap<HTMLElement, S>()

  function Staging({ context, children }: { context: Shown; children: ReactNode }) {
    const [stage] = useState(create)
    const { canvasElement, viewMode, globals } = context
    useLayoutEffect(() => void stages.set(canvasElement, stage), [canvasElement, stage])
    // In documentation nothing is played.
    const unplayed = viewMode === 'docs' && globals['time'] !== 'still'
    useEffect(() => {
      if (unplayed) stage.time.run()
    }, [unplayed, stage])
    const { Provider, time } = stage
    return (
      <div className="stage">
        <div className="backstage">
          {Backstage && <Backstage stage={stage} />}
          <TimeControls time={time} />
        </div>
        <TimeProvider value={time}>
          <Provider>{children}</Provider>
          {Outside && <Outside stage={stage} />}
        </TimeProvider>
      </div>
    )
  }

  return {
    decorators: [
      (Story, context) => (
        <Staging context={context}>
          <Story />
        </Staging>
      ),
    ],
    play: (direct) => async (context) => {
      const { canvas, canvasElement, step, userEvent, globals } = context
      const stage = stages.get(canvasElement)
      if (!stage) throw new Error('There is no stage on this canvas.')
      await direct({ ...stage, canvas, canvasElement, step, userEvent })
      if (globals['time'] !== 'still') stage.time.run()
    },
  }
}
