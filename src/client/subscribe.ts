import type { SourceOptions, SSESource } from '../options/source.js'
import type { SSEEvent } from '../protocol/event.js'
import type { SSESnapshot } from '../stream/snapshot.js'
import type { ReaderSlot, StreamMethods } from './reader-slot.js'
import { call } from '../stream/callback.js'

/** What `client.subscribe` returns: call it to unsubscribe. */
export interface Subscription<E extends SSEEvent = SSEEvent> extends StreamMethods {
  (): void
  readonly unsubscribe: () => void
  /** What has been published last. */
  readonly getSnapshot: () => SSESnapshot<E>
}

/** Options of `client.subscribe`. */
export interface SubscribeOptions<E extends SSEEvent = SSEEvent, T = E['data']> extends Partial<SourceOptions<E, T>> {
  /** Called when a new snapshot is published: at most once a frame. */
  onChange?: ((snapshot: SSESnapshot<E>) => void) | undefined
}

/** Reads a source through a slot of its own, until it is called. */
export function subscribe<T>(
  slot: ReaderSlot,
  source: SSESource,
  options?: SubscribeOptions<SSEEvent<T>>,
): Subscription<SSEEvent<T>> {
  const asked = slot.ask([], source, options, 'subscribe')
  const onChange = options?.onChange
  slot.update(asked)
  const key = asked?.key ?? ''
  // A seam: the caller vouches for T, as with json<T>().
  const getSnapshot = () => slot.snapshot(key) as SSESnapshot<SSEEvent<T>>
  const onUncaught = asked?.settings.onUncaught
  let subscribed = false
  const tell = () => {
    if (subscribed && onChange) call(onUncaught, onChange, getSnapshot())
  }
  // Nothing is called before the caller has what this returns.
  const leave = slot.attach(key, null, true, () => (subscribed ? tell() : queueMicrotask(tell)))
  subscribed = true
  const unsubscribe = () => {
    subscribed = false
    leave()
  }
  const { open, close, reconnect, restart, clear } = slot
  return Object.assign(() => unsubscribe(), { unsubscribe, getSnapshot, open, close, reconnect, restart, clear })
}
