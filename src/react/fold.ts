import type { Keep, Missed, ReaderSlot, SSEEvent } from 'eventwire/core'
import { reduced, settled } from 'eventwire/core'

/** What the state is after a gap, or after the server had to start over. */
export type Recover<S> = (state: S, why: Missed) => S

/** The state that the events of a stream amount to. */
export interface Fold<S> extends Keep {
  /** Takes every event, at once. */
  take(event: SSEEvent): void
  /** Events may be missing, or the server had to start over. */
  miss(why: Missed): void
  /** Reads the stream of `key`, until the function returned is called; `changed` once a frame at most. */
  attach(slot: ReaderSlot, key: string, fromHistory: boolean, changed: () => void): () => void
  /** What has been published of the state of `key`. */
  shown(slot: ReaderSlot, key: string): S
  /** Takes the newest closure. */
  update(reduce: (state: S, event: SSEEvent) => S, recover: Recover<S> | undefined): void
}

interface Origin {
  readonly slot: ReaderSlot | null
  /** The stream and view of a key; how much of it is kept makes no difference here. */
  readonly source: string
  readonly epoch: number
}

export function createFold<S>(first: (state: S, event: SSEEvent) => S, initial: S): Fold<S> {
  let reduce = first
  let recover: Recover<S> | undefined
  let origin: Origin = { slot: null, source: '', epoch: 0 }
  let state = initial
  let published = initial
  /** Of the event that was folded last: what a reload shows again counts up to 0. */
  let seq = -Infinity
  /** The state is one that was kept. */
  let restored = false
  let stream: ReturnType<ReaderSlot['stream']>
  let round = 0

  const originOf = (slot: ReaderSlot, key: string): Origin => ({
    slot,
    source: slot.source(key),
    epoch: slot.epoch(),
  })
  const isCurrent = ({ slot, source, epoch }: Origin) =>
    slot === origin.slot && source === origin.source && epoch === origin.epoch

  /** Another source, another client or a logout: what came before does not count. */
  function begin(next: Origin) {
    if (isCurrent(next)) return
    origin = next
    state = published = initial
    seq = -Infinity
    stream = undefined
  }

  /** Another stream of the same identity counts its events anew. One that started over takes back what it gave. */
  function follow(slot: ReaderSlot) {
    const now = slot.stream()
    if (now !== stream) seq = restored ? 0 : -Infinity
    else if (now && now.round !== round) state = initial
    stream = now
    round = now?.round ?? 0
  }

  /** Before the first event of a new round. */
  function follows(): boolean {
    return stream === undefined || stream.round === round
  }

  function take(event: SSEEvent) {
    if (!follows()) {
      round = stream?.round ?? 0
      state = initial
    }
    seq = event.seq
    state = reduced('the reducer', () => reduce(state, event), state)
  }

  function miss(why: Missed) {
    round = stream?.round ?? 0
    if (recover) state = settled('recover', recover(state, why))
    else if (why === 'reset') state = initial
  }

  return {
    take,
    miss,
    attach(slot, key, fromHistory, changed) {
      if (!key) return () => {}
      begin(originOf(slot, key))
      restored = false
      const leave = slot.attach(key, null, false, () => {
        begin(originOf(slot, key))
        follow(slot)
        published = state
        changed()
      })
      follow(slot)
      if (restored) published = state
      else if (fromHistory) {
        for (const event of slot.events(key)) if (event.seq > seq) slot.guard(() => take(event))
        published = state
      }
      return leave
    },
    read: () => state,
    // Its shape is vouched for by the name: a seam.
    restore(kept) {
      state = kept as S
      seq = 0
      restored = true
    },
    shown: (slot, key) => (key && isCurrent(originOf(slot, key)) ? published : initial),
    update(newest, newestRecover) {
      reduce = newest
      recover = newestRecover
    },
  }
}
