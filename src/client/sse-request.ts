import type { Layer } from '../options/settings.js'
import type { SSEEvent } from '../protocol/event.js'
import type { SSEClient } from './client.js'
import type { ReaderSlot } from './reader-slot.js'
import type { RequestSnapshot, RunOptions, SSERequest, SSERequestOptions } from './sse-request-interface.js'
import { checkArguments, checkRequestOptions } from '../options/check-options.js'
import { uniqueName } from '../options/unique-name.js'
import { messageOf, SSEError } from '../protocol/errors.js'
import { reduced } from '../protocol/reduced.js'
import { call } from '../stream/callback.js'

/**
 * The same, for hooks: options and layers change with every render.
 *
 * @internal
 */
export interface OwnedRequest<V> extends SSERequest<V> {
  /** Someone shows it, until the function returned is called; so long after, it ends, and `gone` is called. */
  attach(afterMs: number, gone: () => void): () => void
  update(options: SSERequestOptions<V>, layers: readonly Layer[]): void
}

interface Run<V> {
  readonly slot: ReaderSlot
  readonly key: string
  readonly resolve: (value: V) => void
  readonly reject: (error: unknown) => void
  leave(): void
}

function aborted(why: string): Error {
  return Object.assign(new Error(why), { name: 'AbortError' })
}

// Longer than a screen: its functions share what it knows, and each is short. What had a state of its own is a file of its own.
/**
 * A request of a hook's, or of {@link createRequest}.
 *
 * @internal
 */
export function createOwnedRequest<V>(client: SSEClient, first: SSERequestOptions<V>, above: readonly Layer[]): OwnedRequest<V> {
  let options = first
  let layers = above
  const { clock, page, epoch, onForget } = client.inside
  const listeners = new Set<() => void>()
  let state = idle()
  let published = state
  /** How often the client had forgotten everything when `state` began. */
  let since = epoch()
  let run: Run<V> | null = null
  let leavePage = () => {}
  let owners = 0
  let leaving: unknown = null
  let stopListening = () => {}

  function idle(): RequestSnapshot<V> {
    return Object.freeze({
      status: 'idle',
      value: options.initial,
      error: null,
      progress: { bytes: 0, events: 0 },
      startedAt: null,
      firstEventAt: null,
      endedAt: null,
      lastEventId: '',
    })
  }

  /** Calls a function of the user's: what it throws stops nobody. */
  function tell<A>(callback: (a: A) => unknown, a: A) {
    const onUncaught = layers.reduce((outer, layer) => layer.options.onUncaught ?? outer, client.options.onUncaught)
    call(onUncaught, callback, a)
  }

  function change(part: Partial<RequestSnapshot<V>>) {
    state = Object.freeze({ ...state, ...part })
  }

  function countBytes() {
    const bytes = run?.slot.stream()?.info().bytes ?? state.progress.bytes
    if (bytes !== state.progress.bytes) change({ progress: { ...state.progress, bytes } })
  }

  function publish() {
    countBytes()
    if (published === state) return
    published = state
    for (const listener of [...listeners]) tell(listener, undefined)
  }

  /** Ends the run, before anyone hears of it: who starts another when told has the last word. Nothing of this one is heard. */
  function end(part: Partial<RequestSnapshot<V>>): Run<V> | null {
    const over = run
    if (!over) return null
    countBytes()
    run = null
    leavePage()
    change({ ...part, endedAt: clock.now() })
    over.slot.close()
    over.leave()
    return over
  }

  function finish(part: Partial<RequestSnapshot<V>>, settle: (over: Run<V>) => void) {
    const over = end(part)
    if (!over) return
    publish()
    settle(over)
  }

  function fail(error: SSEError) {
    finish({ status: 'failed', error }, ({ reject }) => reject(error))
  }

  /** What of it is on screen stays there until the next is published. */
  function abandon(why: string) {
    end({})?.reject(aborted(why))
  }

  function take(mine: Run<V>, event: SSEEvent) {
    if (run !== mine) return
    try {
      // The cast: `Untyped` is a message of the compiler's, and no value has it.
      const value = reduced('reduce', () => options.reduce(state.value, event), state.value) as V
      // It may have stopped it, or started another.
      if (run !== mine) return
      const progress = { ...state.progress, events: state.progress.events + 1 }
      change({ status: 'streaming', value, progress, firstEventAt: state.firstEventAt ?? clock.now(), lastEventId: event.lastEventId || state.lastEventId })
    } catch (cause) {
      if (run === mine) fail(new SSEError('callback', `reduce threw: ${messageOf(cause)}`, { cause }))
    }
  }

  function look(mine: Run<V>) {
    if (run !== mine) return
    if (isForgotten()) return forget()
    const { status, error } = mine.slot.snapshot(mine.key)
    if (status === 'open' && state.status === 'starting') change({ status: 'streaming' })
    if (status === 'failed' && error) fail(error)
    else if (status === 'closed') finish({ status: 'done' }, ({ resolve }) => resolve(state.value))
    else publish()
  }

  function begin(value: V, lastEventId: string, own: RunOptions): Promise<V> {
    abandon('Another run was started')
    // `initial` and its like are the request's, and no options of a stream.
    const { initial, reduce, onStop, ...source } = options
    void [initial, reduce, onStop]
    since = epoch()
    state = Object.freeze({ ...idle(), status: 'starting', value, startedAt: clock.now(), lastEventId })
    const promise = new Promise<V>((resolve, reject) => {
      try {
        const slot = client.bind()
        const method = source.method ?? 'POST'
        // The server has not the cursor any more and begins anew: so does the value, else it had the beginning twice.
        const onReset: typeof source.onReset = (reset) => {
          change({ value: options.initial, lastEventId: '' })
          return options.onReset?.(reset)
        }
        const asked = slot.ask(layers, { ...source, ...own, method, live: false, lastEventId, onReset, key: uniqueName('run-') }, undefined)
        if (!asked) throw new TypeError('A request needs a url')
        const mine: Run<V> = { slot, key: asked.key, resolve, reject, leave() {} }
        run = mine
        slot.update(asked, (__data, event) => take(mine, event))
        // A page that freezes kills what it reads, silently: an answer that was cut never looks finished.
        leavePage = page.subscribe((what) => {
          if (what === 'freeze' || what === 'hide') fail(new SSEError('interrupted', 'The page was frozen or left in the middle of the answer'))
        })
        const leave = slot.attach(asked.key, null, true, () => look(mine))
        mine.leave = leave
        if (run !== mine) leave()
      } catch (cause) {
        run = null
        const error = cause instanceof SSEError ? cause : new SSEError('unsupported', messageOf(cause), { cause })
        change({ status: 'failed', error, endedAt: clock.now() })
        reject(error)
      }
    })
    // Nobody has to handle it: what went wrong is in the snapshot.
    promise.catch(() => {})
    publish()
    return promise
  }

  function clear(why: string) {
    abandon(why)
    state = idle()
    since = epoch()
    publish()
  }

  /** There was a logout: what there was is nobody's any more. */
  function isForgotten(): boolean {
    return since !== epoch()
  }

  function forget() {
    if (isForgotten()) clear('closeAll() was called')
  }

  return {
    update(newest, newestLayers) {
      options = newest
      layers = newestLayers
    },
    attach(afterMs, gone) {
      clock.clearTimeout(leaving)
      owners++
      const two = (): never => {
        throw new TypeError('Two components share one request: give each useSSERequest a detach of its own')
      }
      if (owners > 1) tell(two, undefined)
      return () => {
        owners--
        const over = () => {
          if (owners > 0) return
          clear('Its component unmounted')
          gone()
        }
        // A microtask outlives a StrictMode remount and no more.
        if (afterMs > 0) leaving = clock.setTimeout(over, afterMs)
        else queueMicrotask(over)
      }
    },
    getSnapshot() {
      // Of one that nobody listens to a logout is found out when it is looked at.
      if (!run && isForgotten()) {
        published = state = idle()
        since = epoch()
      }
      return published
    },
    subscribe(listener) {
      const own = () => listener()
      if (listeners.size === 0) stopListening = onForget(forget)
      listeners.add(own)
      return () => {
        if (listeners.delete(own) && listeners.size === 0) stopListening()
      }
    },
    start: (own = {}) => begin(options.initial, '', own),
    resume: ({ lastEventId = state.lastEventId, value = state.value, ...own } = {}) => begin(value, lastEventId, own),
    stop() {
      if (!run) return
      const { onStop } = options
      finish({ status: 'stopped' }, ({ resolve }) => resolve(state.value))
      if (onStop) tell(onStop, state.value)
    },
    clear: () => clear('clear() was called'),
    dispose: () => clear('The request was disposed of'),
  }
}

/** @internal */
export function createRequest<V>(client: SSEClient, options: SSERequestOptions<V>): SSERequest<V> {
  checkRequestOptions(options, 'createSSERequest')
  checkArguments({ client })
  return createOwnedRequest(client, options, [])
}
