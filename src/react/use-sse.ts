import type {
  DataIn,
  Decoder,
  EventMap,
  EventsIn,
  Reading,
  SourceOf,
  SourceOptions,
  SSEEvent,
  SSESnapshot,
  SSESource,
  StreamMethods,
  Unread,
} from 'eventwire/core'
import { IDLE_SNAPSHOT, overlaid } from 'eventwire/core'
import { useCallback, useEffect, useInsertionEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { createPreviousData } from './previous-data.js'
import { createSelectionMemory, selectFrom } from './selection.js'
import { useReading } from './use-reading.js'

/** What {@link useSSE} returns: an immutable snapshot and stable methods. */
export interface SSEResult<E extends SSEEvent = SSEEvent> extends SSESnapshot<E>, StreamMethods {}

/** Options of {@link useSSE} that lie over the source's. */
export type UseSSEOptions<E extends SSEEvent = SSEEvent, T = E['data']> = Partial<SourceOptions<E, T>>

/**
 * Options that make {@link useSSE} return a part of the snapshot.
 *
 * @typeParam N - every function has a `length`: `never` where no `select` is given
 */
export interface Selecting<E extends SSEEvent = SSEEvent, R = unknown, N extends number = number> {
  /** What to return; the component renders again when it changes. Default: none, and it returns the whole snapshot. */
  select?: (((snapshot: SSESnapshot<E>) => R) & { readonly length: N }) | undefined
  /** When two selections are the same. Default `Object.is`. */
  isEqual?: ((a: R, b: R) => boolean) | undefined
}

/** What the compiler says where only the first of two type arguments was written. */
type Both = 'write useSSE<Data, Selected>(…)'

/** All options of {@link useSSE}, and what they say of the types. */
interface SnapshotOptions<T, D extends Decoder, M extends EventMap, R, N extends number>
  extends Unread<UseSSEOptions<EventsIn<T, D, M>, DataIn<T, D, M>>>, Reading<D, M>, Selecting<EventsIn<T, D, M>, R, N> {}

/**
 * Reads an event stream. Components that name the same stream share one connection; inline options are free.
 *
 * @param source - a URL, an options object with `url`, a definition, or `null`, `undefined`, `false`, `''` for not now
 * @param options - lie over the source's
 * @returns one atomic snapshot a frame at most, with the stable methods `open`, `close`, `reconnect`, `restart`, `clear`;
 * or what `select` makes of the snapshot
 * @throws TypeError on misuse, with what to do instead
 *
 * @example
 * ```tsx
 * import { useSSE } from 'eventwire'
 *
 * export function Cpu() {
 *   const { data, status, error } = useSSE<{ cpu: number }>('/api/metrics')
 *   if (error) return <p role="alert">{error.message}</p>
 *   return <p>{data ? `${data.cpu} %` : status}</p>
 * }
 * ```
 * @see examples/recipes/dashboard.tsx: many charts over one connection, shown at once after a reload
 * @see examples/recipes/logout.tsx: login and logout
 */
export function useSSE<
  T = unknown,
  R = Both,
  D extends Decoder = Decoder,
  const M extends EventMap = never,
  N extends number = R extends Both ? never : number,
>(
  source: SourceOf<T, D, M>,
  options?: SnapshotOptions<T, D, M, R, N>,
): [N] extends [never] ? SSEResult<EventsIn<T, D, M>> : R
export function useSSE(source: SSESource, options?: UseSSEOptions & Selecting): unknown {
  const { select, isEqual = Object.is } = options ?? {}
  const { slot, key, asked, again, asks } = useReading(source, options, 'useSSE')
  const subscribe = useCallback((changed: () => void) => slot.attach(key, null, true, changed), [slot, key])
  const getSnapshot = useCallback(() => slot.snapshot(key), [slot, key])

  const [data] = useState(createPreviousData)
  const keeps = asked ? asked.settings.keepPreviousData === true : undefined
  // What the source before this one showed last, while it is still being read.
  const previous = data.before({ slot, key, getSnapshot, keeps, asks })
  useInsertionEffect(() => data.commit({ slot, key, getSnapshot, keeps, asks }))

  const clear = useCallback(() => {
    const dropped = data.drop()
    slot.clear()
    // Of what was kept here the stream knows nothing.
    if (dropped) again()
  }, [data, slot, again])

  const [memory] = useState(createSelectionMemory<unknown>)
  const [read, readOnServer] = useMemo(() => {
    const pick = (snapshot: SSESnapshot): unknown => {
      const shown = previous?.under(snapshot) ?? snapshot
      const { open, close, reconnect, restart } = slot
      return select ? select(shown) : overlaid(shown, { open, close, reconnect, restart, clear })
    }
    const refuse = (error: TypeError) =>
      slot.guard(() => {
        throw error
      })
    const from = (get: () => SSESnapshot) => selectFrom(get, pick, isEqual, memory, refuse)
    return [from(getSnapshot), from(() => IDLE_SNAPSHOT)] as const
  }, [slot, clear, previous, select, getSnapshot, isEqual, memory])
  const value = useSyncExternalStore<unknown>(subscribe, read, readOnServer)
  useInsertionEffect(() => slot.shows(() => !Object.is(read(), value)))
  useEffect(() => memory.keep(value), [memory, value])
  return value
}
