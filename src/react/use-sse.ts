import type {
  Binding,
  DataOf,
  Decoder,
  Decoding,
  EventMap,
  EventsOf,
  PlainSource,
  SourceOptions,
  SSEEvent,
  SSESnapshot,
  SSESource,
  StreamMethods,
  TypedSource,
} from 'eventwire/core'
import { IDLE_SNAPSHOT } from 'eventwire/core'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { createSelectionMemory, selectFrom } from './selection.js'
import { useBinding } from './use-binding.js'

/** What {@link useSSE} returns: an immutable snapshot and stable methods. */
export interface SSEResult<E extends SSEEvent = SSEEvent> extends SSESnapshot<E>, StreamMethods {}

/** Options of {@link useSSE} that lie over the source's. */
export type UseSSEOptions<E extends SSEEvent = SSEEvent> = Partial<SourceOptions<E>>

/** Options that make {@link useSSE} return a part of the snapshot. */
export interface Selecting<E extends SSEEvent, R> {
  /** What to return; the component renders again when it changes. */
  select: (snapshot: SSESnapshot<E>) => R
  /** When two selections are the same. Default `Object.is`. */
  isEqual?: ((a: R, b: R) => boolean) | undefined
}

/**
 * Reads an event stream. Components that name the same stream share one connection; inline options are free.
 *
 * @param source - a URL, an options object with `url`, a definition, or `null`, `undefined`, `false`, `''` for not now
 * @param options - lie over the source's
 * @returns one atomic snapshot a frame at most, with the stable methods `open`, `close`, `reconnect`, `clear`;
 * or what `select` makes of the snapshot
 * @throws TypeError on misuse, with what to do instead
 */
export function useSSE<const M extends EventMap, R>(
  source: PlainSource<EventsOf<M>>,
  options: UseSSEOptions<EventsOf<M>> & { readonly events: M } & Selecting<EventsOf<M>, R>,
): R
export function useSSE<const M extends EventMap>(
  source: PlainSource<EventsOf<M>>,
  options: UseSSEOptions<EventsOf<M>> & { readonly events: M },
): SSEResult<EventsOf<M>>
export function useSSE<T = unknown, R = unknown, D extends Decoder = Decoder>(
  source: PlainSource<SSEEvent<DataOf<T, D>>, D>,
  options: UseSSEOptions<SSEEvent<DataOf<T, D>>> & Decoding<D> & Selecting<SSEEvent<DataOf<T, D>>, R>,
): R
export function useSSE<T = unknown, D extends Decoder = Decoder>(
  source: PlainSource<SSEEvent<DataOf<T, D>>, D>,
  options?: UseSSEOptions<SSEEvent<DataOf<T, D>>> & Decoding<D>,
): SSEResult<SSEEvent<DataOf<T, D>>>
export function useSSE<const M extends EventMap, R>(
  source: TypedSource<M>,
  options: UseSSEOptions<EventsOf<M>> & Selecting<EventsOf<M>, R>,
): R
export function useSSE<const M extends EventMap>(
  source: TypedSource<M>,
  options?: UseSSEOptions<EventsOf<M>>,
): SSEResult<EventsOf<M>>
export function useSSE(source: SSESource, options?: UseSSEOptions & Partial<Selecting<SSEEvent, unknown>>): unknown {
  const { select, isEqual = Object.is } = options ?? {}
  const { binding, key, keepPreviousData } = useBinding(source, options)
  const subscribe = useCallback((changed: () => void) => binding.attach(key, null, changed), [binding, key])
  const getSnapshot = useCallback(() => binding.snapshot(key), [binding, key])

  // What the source before this one showed last, while it is still being read.
  const [place, move] = useState<Place>({ key, binding, getSnapshot, previous: null, keeps: keepPreviousData })
  let { previous } = place
  if (place.key !== key || place.binding !== binding) {
    // Without a source nobody says: the last one's word counts.
    const keeps = keepPreviousData ?? place.keeps
    // Nothing goes from one client to another.
    const kept = keeps && place.binding === binding
    previous = kept ? createPrevious(place.getSnapshot(), previous, binding.epoch) : null
    move({ key, binding, getSnapshot, previous, keeps })
  }

  const clear = useCallback(() => {
    move((at) => (at.previous ? { ...at, previous: null } : at))
    binding.clear()
  }, [binding])

  const [memory] = useState(createSelectionMemory<unknown>)
  const [read, readOnServer] = useMemo(() => {
    const pick = (snapshot: SSESnapshot): unknown => {
      const shown = previous?.under(snapshot) ?? snapshot
      const { open, close, reconnect } = binding
      return select ? select(shown) : Object.freeze({ ...shown, open, close, reconnect, clear })
    }
    const from = (get: () => SSESnapshot) => selectFrom(get, pick, isEqual, memory)
    return [from(getSnapshot), from(() => IDLE_SNAPSHOT)] as const
  }, [binding, clear, previous, select, getSnapshot, isEqual, memory])
  const value = useSyncExternalStore<unknown>(subscribe, read, readOnServer)
  useEffect(() => memory.keep(value), [memory, value])
  return value
}

interface Place {
  readonly binding: Binding
  readonly key: string
  readonly getSnapshot: () => SSESnapshot
  readonly previous: Previous | null
  readonly keeps: boolean | undefined
}

/**
 * What the source before showed, until the new one has something of its own, or the client forgets everything: then
 * nothing brings it back.
 */
interface Previous {
  under(snapshot: SSESnapshot): SSESnapshot
}

function createPrevious(last: SSESnapshot, before: Previous | null, epoch: () => number): Previous {
  const began = epoch()
  let kept: SSESnapshot | null = before?.under(last) ?? last
  return {
    under(snapshot) {
      if (snapshot.lastEvent || epoch() !== began) kept = null
      if (!kept) return snapshot
      const { data, lastEvent, latest, history } = kept
      return { ...snapshot, data, lastEvent, latest, history }
    },
  }
}
