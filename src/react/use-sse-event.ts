import type { EventMap, EventsOf, Falsy, PlainSource, SourceOptions, SSEDefinition, SSEEvent, SSESource } from 'eventwire/core'
import type { MappedSource } from './use-sse.js'
import { useEffect } from 'react'
import { useBinding } from './use-binding.js'

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
export function useSSEEvent<const M extends EventMap, K extends keyof M & string>(
  source: SSEDefinition<M> | MappedSource<M> | Falsy,
  type: K | readonly K[],
  listener: (data: Extract<EventsOf<M>, { type: K }>['data'], event: Extract<EventsOf<M>, { type: K }>) => void,
  options?: UseSSEEventOptions,
): void
export function useSSEEvent<T = unknown>(
  source: PlainSource,
  type: string | readonly string[],
  listener: (data: T, event: SSEEvent<T>) => void,
  options?: UseSSEEventOptions,
): void
export function useSSEEvent(
  source: SSESource,
  type: string | readonly string[],
  listener: (data: never, event: never) => void,
  options?: UseSSEEventOptions,
): void {
  // A seam: the overloads tie the listener's parameters to the source.
  const onMessage = listener as (data: unknown, event: SSEEvent) => void
  const { binding, key } = useBinding(source, { ...options, onMessage })
  const types = JSON.stringify(type)
  useEffect(() => binding.attach(key, listOf(types), () => {}), [binding, key, types])
}

function listOf(types: string): readonly string[] {
  const list: unknown = JSON.parse(types)
  return Array.isArray(list) ? list.map(String) : [String(list)]
}
