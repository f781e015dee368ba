import type { Binding, SSEEvent } from 'eventwire/core'

/** The state that the events of a stream amount to. */
export interface Fold<S> {
  /** Takes every event, at once. */
  take(event: SSEEvent): void
  /** Reads the stream of `key`, until the function returned is called; `changed` once a frame at most. */
  attach(binding: Binding, key: string, fromHistory: boolean, changed: () => void): () => void
  /** What has been published of the state of `key`. */
  read(binding: Binding, key: string): S
  /** Takes the newest closure. */
  update(reduce: (state: S, event: SSEEvent) => S): void
}

interface Origin {
  readonly binding: Binding | null
  /** The stream and view of a key; how much of it is kept makes no difference here. */
  readonly source: string
  readonly epoch: number
}

export function createFold<S>(first: (state: S, event: SSEEvent) => S, initial: S): Fold<S> {
  let reduce = first
  let origin: Origin = { binding: null, source: '', epoch: 0 }
  let state = initial
  let published = initial
  let seq = 0
  let stream: unknown

  const originOf = (binding: Binding, key: string): Origin => ({
    binding,
    source: key.split('\n', 2).join('\n'),
    epoch: binding.epoch(),
  })
  const isCurrent = ({ binding, source, epoch }: Origin) =>
    binding === origin.binding && source === origin.source && epoch === origin.epoch

  /** Another source, another client or a logout: what came before does not count. */
  function begin(next: Origin) {
    if (isCurrent(next)) return
    origin = next
    state = published = initial
    seq = 0
    stream = undefined
  }

  /** Another stream of the same identity counts its events anew. */
  function follow(binding: Binding) {
    if (binding.stream() !== stream) seq = 0
    stream = binding.stream()
  }

  function take(event: SSEEvent) {
    seq = event.seq
    state = reduce(state, event)
  }

  return {
    take,
    attach(binding, key, fromHistory, changed) {
      if (!key) return () => {}
      begin(originOf(binding, key))
      const leave = binding.attach(key, null, () => {
        begin(originOf(binding, key))
        follow(binding)
        published = state
        changed()
      })
      follow(binding)
      if (fromHistory) {
        for (const event of binding.events(key)) if (event.seq > seq) binding.guard(() => take(event))
        published = state
      }
      return leave
    },
    read: (binding, key) => (key && isCurrent(originOf(binding, key)) ? published : initial),
    update(newest) {
      reduce = newest
    },
  }
}
