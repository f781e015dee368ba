import type { Clock } from './clock.ts'
import type { DashboardEvents, DashboardState } from './events.ts'
import type { ReplayBuffer, SentEvent } from './replay-buffer.ts'
import type { Sampler } from './sampler.ts'
import type { DashboardEvent } from './state.ts'
import { systemClock } from './clock.ts'
import { createReplayBuffer } from './replay-buffer.ts'
import { createMachineSampler } from './sampler.ts'
import { NOTHING_YET, step } from './state.ts'

export interface FeedOptions {
  /** Default: the system's. */
  clock?: Clock
  /** Default: the machine this process runs on. */
  sampler?: Sampler
  /** Time between two samples, in ms. Default 400. */
  sampleMs?: number
  /** How long sampling goes on after the last client left, in ms. Default 30 s. */
  graceMs?: number
  /** How many events are kept for replay. Default 500. */
  bufferSize?: number
}

/** The one source of events, shared by all clients. It may outlive the server in front of it. */
export interface Feed extends Pick<ReplayBuffer, 'after'> {
  readonly state: DashboardState
  publish<Type extends Exclude<keyof DashboardEvents, 'snapshot'>>(
    type: Type,
    data: Omit<DashboardEvents[Type], 'at'>,
  ): void
  /** Where everything stands, as an event that bears the id of the last one published. */
  snapshot(): SentEvent
  /** Hands every event from now on to `listener`, until the returned function is called. */
  subscribe(listener: (event: SentEvent) => void): () => void
  /** How many events were published a second, over the last five. */
  eventsPerSecond(): number
  stop(): void
}

export function createFeed(options: FeedOptions = {}): Feed {
  const { clock = systemClock, sampler = createMachineSampler(), sampleMs = 400 } = options
  const { graceMs = 30_000, bufferSize = 500 } = options
  const buffer = createReplayBuffer(bufferSize, clock.now().toString(36).slice(-6))
  const listeners = new Set<(event: SentEvent) => void>()
  let state: DashboardState = { ...NOTHING_YET, machine: sampler.machine }
  let sampleTimer: unknown = null
  let graceTimer: unknown = null

  const publish: Feed['publish'] = (type, data) => {
    const at = clock.now()
    // A seam: `publish` is generic in the type, which TypeScript does not tie to its data once they are in one object.
    const event = { type, data: { ...data, at } } as unknown as DashboardEvent
    state = step(state, event)
    const sent = buffer.append(type, JSON.stringify(event.data), at)
    // A copy: a listener may leave while it is being told.
    for (const listener of [...listeners]) listener(sent)
  }

  const sampleLater = (): void => {
    sampleTimer = clock.setTimeout(() => {
      sampleLater()
      publish('metrics', sampler.sample())
    }, sampleMs)
  }
  const start = (): void => {
    clock.clearTimeout(graceTimer)
    graceTimer = null
    if (sampleTimer !== null) return
    sampler.start()
    sampleLater()
  }
  const stop = (): void => {
    clock.clearTimeout(graceTimer)
    clock.clearTimeout(sampleTimer)
    if (sampleTimer !== null) sampler.stop()
    graceTimer = sampleTimer = null
  }

  return {
    get state() {
      return state
    },
    publish,
    snapshot() {
      const at = clock.now()
      return { id: buffer.lastId, type: 'snapshot', data: JSON.stringify({ ...state, at }), at }
    },
    subscribe(listener) {
      listeners.add(listener)
      start()
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        // Whoever was cut off comes back within seconds and gets what it missed; an empty house stops measuring.
        graceTimer = clock.setTimeout(stop, graceMs)
      }
    },
    after: (lastEventId) => buffer.after(lastEventId),
    eventsPerSecond: () => buffer.since(clock.now() - 5000).length / 5,
    stop,
  }
}
