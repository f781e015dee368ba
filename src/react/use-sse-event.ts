import type {
  DataOf,
  Decoder,
  Decoding,
  EventMap,
  EventsOf,
  PlainSource,
  SourceOptions,
  SSEEvent,
  SSESource,
  TypedSource,
} from 'eventwire/core'
import { checkArguments } from 'eventwire/core'
import { useEffect } from 'react'
import { useReading } from './use-reading.js'

/** Options of {@link useSSEEvent}: whatever the stream takes, except what reads snapshots. */
export type UseSSEEventOptions = Omit<Partial<SourceOptions>, 'onMessage' | 'history' | 'keepPreviousData' | 'notify'>

/**
 * Listens for events of one type, or of several: every one of them, in order, with the newest closure.
 * The component does not render because of them. Shares the connection of its source.
 *
 * @param type - an event type, or a list of types
 * @param listener - called outside render; what it throws goes to `onUncaught` and stops nobody
 * @throws TypeError on misuse, with what to do instead
 */
export function useSSEEvent<T = unknown, D extends Decoder = Decoder>(
  source: PlainSource<SSEEvent, D>,
  type: string | readonly string[],
  listener: (data: DataOf<T, D>, event: SSEEvent<DataOf<T, D>>) => void,
  options?: UseSSEEventOptions & Decoding<D>,
): void
export function useSSEEvent<const M extends EventMap, K extends keyof M & string>(
  source: TypedSource<M>,
  type: K | readonly K[],
  listener: (data: EventsOf<Pick<M, K>>['data'], event: EventsOf<Pick<M, K>>) => void,
  options?: UseSSEEventOptions,
): void
export function useSSEEvent(
  source: SSESource,
  type: string | readonly string[],
  listener: (data: never, event: never) => void,
  options?: UseSSEEventOptions,
): void {
  checkArguments({ type, listener })
  // A seam: the overloads tie the listener's parameters to the source.
  const hear = listener as (data: unknown, event: SSEEvent) => void
  const { slot, key } = useReading(source, options, undefined, hear)
  const types = JSON.stringify(type)
  useEffect(() => slot.attach(key, listOf(types), false, () => {}), [slot, key, types])
}

function listOf(types: string): readonly string[] {
  const list: unknown = JSON.parse(types)
  return Array.isArray(list) ? list.map(String) : [String(list)]
}
