import type { ConnectionAction, ConnectionState } from '../connection/transition.js'
import type { Closing, Reset, Resumption } from '../options/reader-options.js'
import type { Clock } from '../protocol/clock.js'
import type { RawEvent } from '../protocol/event.js'
import type { Page } from '../protocol/page.js'
import type { OpenInfo } from '../protocol/transport.js'
import type { Cursor } from './cursor.js'
import type { DecodedView, StreamFacts } from './decoded-view.js'
import type { FactBody } from './fact.js'
import type { Missed, Readers } from './readers.js'
import { answered, call } from './callback.js'
import { createCallbackQueue } from './callback-queue.js'
import { createNotifier } from './notifier.js'
import { deliver } from './readers.js'

/** The stream whose readers are told. */
export interface DeliveryOwner {
  readonly clock: Clock
  readonly page: Page
  readonly readers: Readers
  readonly cursor: Cursor
  facts(): StreamFacts
  /** Something came, or is gone, that a reload would show. */
  changed(): void
  /** `null` while nobody observes. */
  tell(): ((body: FactBody) => void) | null
}

/** Brings what a stream receives to its readers: events at once and in order, snapshots when they are due. */
export interface Delivery {
  /** How the stream looks through each set of decoders, by its key. */
  readonly views: ReadonlyMap<string, DecodedView>
  readonly events: number
  show(key: string, view: DecodedView): void
  hide(key: string): void
  /** A chunk arrived: what is in it arrived now. */
  arrived(): void
  receive(raw: RawEvent): void
  /** The cursor moved without an event. */
  mark(): void
  changed(now: ConnectionState, before: ConnectionState, action: ConnectionAction, info?: OpenInfo, resumption?: Resumption): void
  resumed(resumption: Resumption): void
  reset(reset: Reset): void
  publishView(view: DecodedView, facts: StreamFacts): void
  /**
   * Empties what views keep; `again`: and lets nothing of an event that is being told come into it. `false` when there was
   * nothing to empty.
   */
  clear(again: boolean): boolean
  /** Publishes now. */
  readonly flush: () => void
  /** The page shows again. */
  readonly shown: () => void
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
export function createDelivery(owner: DeliveryOwner): Delivery {
  const { clock, page, readers, cursor } = owner
  const queue = createCallbackQueue()
  const notifier = createNotifier(clock, page, publish)
  const views = new Map<string, DecodedView>()
  /** The views as a list: another one after every change, so that whoever walks it walks it whole. */
  let shown: readonly DecodedView[] = []
  let seq = 0
  /** When the chunk came that events are read from; `null` where the transport does not tell of chunks. */
  let arrivedAt: number | null = null
  /** Times that everything was forgotten. */
  let forgotten = 0

  function publish() {
    for (const view of shown) publishView(view, owner.facts())
    owner.tell()?.({ type: 'publish', readers: readers.list.length })
  }

  function publishView(view: DecodedView, facts: StreamFacts) {
    view.publish(facts)
    view.deliverBatch()
    for (const reader of [...view.readers]) if (view.readers.has(reader)) call(reader.settings.onUncaught, reader.changed, undefined)
  }

  function mark() {
    owner.changed()
    const { notify } = readers.agreement
    if (typeof notify === 'function') answered(readers.oldest.onUncaught, 'notify', () => notifier.mark(notify))
    else notifier.mark(notify)
  }

  function inOrder(run: () => void) {
    const first = queue.enter()
    try {
      run()
    } finally {
      if (first) queue.leave()
    }
  }

  function tell(now: ConnectionState, before: ConnectionState, action: ConnectionAction, info?: OpenInfo, resumption?: Resumption) {
    if (info) deliver(readers.list, 'onOpen', info)
    if (resumption) tellResumption(resumption)
    if (now.error && now.error !== before.error) deliver(readers.list, 'onError', now.error)
    if (now.status === 'closed' && before.status !== 'closed') deliver(readers.list, 'onClose', { reason: reasonOf(action) })
  }

  function tellResumption(resumption: Resumption) {
    if (resumption.gapPossible) tellMissed('gap')
    deliver(readers.list, 'onResume', resumption)
  }

  function tellMissed(why: Missed) {
    for (const { active, missed, settings } of readers.list) if (active && missed) call(settings.onUncaught, missed, why)
  }

  return {
    views,
    get events() {
      return seq
    },
    show(key, view) {
      views.set(key, view)
      shown = [...views.values()]
    },
    hide(key) {
      views.delete(key)
      shown = [...views.values()]
    },
    arrived() {
      arrivedAt = clock.now()
    },
    receive(raw) {
      let changed = raw.lastEventId !== cursor.value
      cursor.move(raw.lastEventId)
      seq++
      const before = forgotten
      const receivedAt = arrivedAt ?? clock.now()
      const first = queue.enter()
      try {
        for (const view of shown) if (view.receive(raw, seq, receivedAt)) changed = true
      } finally {
        if (first) queue.leave()
      }
      // A callback logged out: what it got then is not for others to keep.
      if (before !== forgotten) for (const view of shown) view.clear()
      if (changed) mark()
    },
    mark,
    changed(now, before, action, info, resumption) {
      if (info) for (const view of shown) view.forgive()
      if (action.type === 'received' || action.type === 'retry') return
      queue.push(() => tell(now, before, action, info, resumption))
      inOrder(() => {
        // What arrived before a change of status is published before or with it.
        if (isNews(now, before)) notifier.flush()
        // That failures are forgotten is no reason to render: whoever looks sees it.
        else for (const view of shown) view.publish(owner.facts())
      })
    },
    resumed(resumption) {
      queue.push(() => tellResumption(resumption))
      inOrder(() => {})
    },
    reset(reset) {
      queue.push(() => {
        tellMissed('reset')
        deliver(readers.list, 'onReset', reset)
      })
      inOrder(() => {})
    },
    publishView,
    clear(again) {
      if (again) forgotten++
      owner.changed()
      return shown.map((view) => view.clear()).includes(true)
    },
    flush: notifier.flush,
    shown: notifier.shown,
  }
}

function isNews(now: ConnectionState, before: ConnectionState): boolean {
  return (['status', 'error', 'retryAt', 'reconnectReason'] as const).some((name) => now[name] !== before[name])
}

function reasonOf(action: ConnectionAction): Closing['reason'] {
  if (action.type === 'close') return 'close'
  return action.type === 'ended' && action.final ? 'no-content' : 'end'
}
