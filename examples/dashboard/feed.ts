import type { Clock } from './clock.ts'
import type { DashboardEvents } from './events.ts'
import { createReplayBuffer } from './replay-buffer.ts'
import type { ReplayBuffer, SentEvent } from './replay-buffer.ts'
import type { Sampler } from './sampler.ts'

export interface FeedOptions {
  clock: Clock
  sampler: Sampler
  /** Time between two samples, in ms. */
  sampleMs: number
  /** How long sampling goes on after the last client left, in ms. */
  graceMs: number
  /** How many events are kept for replay. */
  bufferSize: number
}

/** The one source of events, shared by all clients. */
export interface Feed extends Pick<ReplayBuffer, 'after'> {
  publish<Type extends keyof DashboardEvents>(type: Type, data: Omit<DashboardEvents[Type], 'at'>): void
  /** Hands every event from now on to `listener`, until the returned function is called. */
  subscribe(listener: (event: SentEvent) => void): () => void
  /** How many events were published a second, over the last five. */
  eventsPerSecond(): number
  readonly clients: number
  stop(): void
}

export function createFeed({ clock, sampler, sampleMs, graceMs, bufferSize }: FeedOptions): Feed {
  const buffer = createReplayBuffer(bufferSize, Math.floor(clock.now() / 1000).toString(36).slice(-4))
  const listeners = new Set<(event: SentEvent) => void>()
  let sampleTimer: unknown = null
  let graceTimer: unknown = null

  const publish: Feed['publish'] = (type, data) => {
    const at = clock.now()
    const event = buffer.append(type, JSON.stringify({ ...data, at }), at)
    // A copy: a listener may leave while it is being told.
    for (const listener of [...listeners]) listener(event)
  }

  const sampleLater = (): void => {
    sampleTimer = clock.setTimeout(() => {
      sampleLater()
      publish('metrics', { ...sampler.sample(), clients: listeners.size })
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
    publish,
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
    get clients() {
      return listeners.size
    },
    stop,
  }
}
