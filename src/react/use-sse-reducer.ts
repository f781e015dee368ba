import type {
  Decoder,
  EventMap,
  EventsIn,
  Reading,
  SourceOf,
  SourceOptions,
  SSEEvent,
  SSESource,
  Unread,
  Untyped,
} from 'eventwire/core'
import { checkArguments } from 'eventwire/core'
import { useCallback, useInsertionEffect, useState, useSyncExternalStore } from 'react'
import { createFold } from './fold.js'
import { useReading } from './use-reading.js'

/** Options of {@link useSSEReducer}. */
export interface UseSSEReducerOptions<S = unknown> extends Omit<Partial<SourceOptions>, 'onMessage' | 'keepPreviousData'> {
  /** `'history'` begins with the events that the stream's readers keep; `'now'` with the next. Default `'now'`. */
  from?: 'history' | 'now' | undefined
  /**
   * What the state is after a resume that may have missed events (`'gap'`), or after the server had to start over
   * (`'reset'`). Default: a gap keeps it, a reset starts from `initial`.
   */
  recover?: { bivariant(state: S, why: 'gap' | 'reset'): S }['bivariant'] | undefined
  /**
   * Keeps the state over a reload, as JSON and under this name, in the record of the stream's `persist`: one hook of a
   * stream for each name. A state that the stream went on without is dropped, and `onReset` says so. Default: nothing is kept.
   */
  persistAs?: string | undefined
}

/** More arguments than anyone gives: an overload whose rest this is does not count, and its errors are not told. */
type Never = [never, never]

/**
 * Folds a stream into state: no event is skipped, and the state is published once a frame at most.
 * Another source starts again from `initial`.
 *
 * @param reduce - called outside render, once for each event, in order; what it throws goes to `onUncaught`
 * @param initial - the state before the first event; only the first render's counts
 * @throws TypeError on misuse, with what to do instead
 *
 * @example
 * ```tsx
 * import { defineSSE, json, useSSEReducer } from 'eventwire'
 *
 * const ops = defineSSE({ url: '/events', events: { metrics: json<{ cpu: number }>() } })
 *
 * export function Points() {
 *   const points = useSSEReducer(ops, (list, event) => [...list.slice(-99), event.data], [])
 *   return <p>{points.length} points, the last {points.at(-1)?.cpu}</p>
 * }
 * ```
 * @see examples/recipes/bell.tsx: a notification bell whose state and cursor survive a reload
 */
export function useSSEReducer<T, S, D extends Decoder = Decoder, const M extends EventMap = never>(
  source: SourceOf<T, D, M>,
  reduce: (state: S, event: EventsIn<T, D, M>) => S | Untyped<S>,
  initial: S,
  options?: Unread<UseSSEReducerOptions<S>> & Reading<D, M>,
): S
export function useSSEReducer<
  T,
  L extends readonly unknown[],
  D extends Decoder = Decoder,
  const M extends EventMap = never,
  const I = unknown,
>(
  source: SourceOf<T, D, M>,
  reduce: (state: never[], event: EventsIn<T, D, M>) => L,
  // `[]` says nothing of what comes: what the list is, the reducer's result says.
  initial: I,
  ...options: [I] extends [readonly []] ? [options?: Unread<UseSSEReducerOptions<L>> & Reading<D, M>] : Never
): L
export function useSSEReducer<S>(
  source: SSESource,
  reduce: (state: S, event: never) => S,
  initial: S,
  options?: UseSSEReducerOptions<S>,
): S {
  checkArguments({ reduce })
  const fromHistory = options?.from === 'history'
  const recover = options?.recover
  // A seam: the overloads tie the event to the source.
  const step = reduce as (state: S, event: SSEEvent) => S
  const [fold] = useState(() => createFold(step, initial))
  const { slot, key } = useReading(
    source,
    options,
    'useSSEReducer',
    (_, event) => fold.take(event),
    (why) => fold.miss(why),
    fold,
  )
  useInsertionEffect(() => fold.update(step, recover))
  const subscribe = useCallback(
    (changed: () => void) => fold.attach(slot, key, fromHistory, changed),
    [fold, slot, key, fromHistory],
  )
  const read = useCallback(() => fold.shown(slot, key), [fold, slot, key])
  const readOnServer = useCallback(() => fold.shown(slot, ''), [fold, slot])
  const state = useSyncExternalStore(subscribe, read, readOnServer)
  useInsertionEffect(() => slot.shows(() => !Object.is(read(), state)))
  return state
}
