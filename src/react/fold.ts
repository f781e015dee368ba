import type { Binding, SSEEvent } from 'eventwire/core'

/** The state that the events of a stream amount to. */
export interface Fold<S> {
  /** Takes every event, at once. */
  take(event: SSEEvent): void
  /** Reads the stream of `key`, until the function returned is called; `changed` once a frame at most. */
  attach(binding: Binding, key: string, fromHistory: boolean, changed: () => void): () => void
  /** What has been published of the state of `key`. */
  read(key: string): S
  /** Takes the newest closure. */
  update(reduce: (state: S, event: SSEEvent) => S): void
}

export function createFold<S>(first: (state: S, event: SSEEvent) => S, initial: S): Fold<S> {
  let reduce = first
  let current = { key: '', state: initial, published: initial, seq: 0, stream: {} as unknown }

  function take(event: SSEEvent) {
    current.state = reduce(current.state, event)
    current.seq = event.seq
  }

  return {
    take,
    attach(binding, key, fromHistory, changed) {
      if (!key) return () => {}
      if (key !== current.key) current = { key, state: initial, published: initial, seq: 0, stream: undefined }
      const leave = binding.attach(key, null, () => {
        current.published = current.state
        changed()
      })
      const stream = binding.stream()
      // Another stream of the same identity counts its events anew.
      if (stream !== current.stream) current.seq = 0
      current.stream = stream
      if (fromHistory) {
        for (const event of binding.events(key)) if (event.seq > current.seq) take(event)
        current.published = current.state
      }
      return leave
    },
    read: (key) => (key && key === current.key ? current.published : initial),
    update(newest) {
      reduce = newest
    },
  }
}
