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
import { checkArguments, isRecord } from 'eventwire/core'
import { useEffect } from 'react'
import { useReading } from './use-reading.js'

/** Options of {@link useSSEEvent}: whatever the stream takes, except what reads snapshots. */
export type UseSSEEventOptions = Omit<Partial<SourceOptions>, 'onMessage' | 'history' | 'keepPreviousData' | 'notify'>

/** A listener for each event type of a definition that is of interest. */
export type EventHandlers<M extends EventMap> = {
  readonly [K in keyof M & string]?: ((data: EventsOf<Pick<M, K>>['data'], event: EventsOf<Pick<M, K>>) => void) | undefined
}

/**
 * Listens for events of one type, or of several: every one of them, in order, with the newest closure.
 * The component does not render because of them. Shares the connection of its source.
 *
 * @param type - an event type, a list of types, or an object of listeners by type: `{ alert: (a) => …, log: (l) => … }`
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
export function useSSEEvent<T = unknown, D extends Decoder = Decoder>(
  source: PlainSource<SSEEvent, D>,
  handlers: Readonly<Record<string, ((data: DataOf<T, D>, event: SSEEvent<DataOf<T, D>>) => void) | undefined>>,
  options?: UseSSEEventOptions & Decoding<D>,
): void
export function useSSEEvent<const M extends EventMap>(
  source: TypedSource<M>,
  handlers: EventHandlers<M>,
  options?: UseSSEEventOptions,
): void
export function useSSEEvent(
  source: SSESource,
  what: string | readonly string[] | Handlers,
  third?: Hear | UseSSEEventOptions,
  fourth?: UseSSEEventOptions,
): void {
  // Seams: the overloads say which of the two the third is, and tie parameters of listeners to the source.
  const handlers = typeof third !== 'function' && isRecord(what) ? (what as Handlers) : null
  const options = handlers ? (third as UseSSEEventOptions | undefined) : fourth
  const hear = handlers ? (data: unknown, event: SSEEvent) => handlers[event.type]?.(data, event) : (third as Hear)
  if (!handlers) checkArguments({ type: what, listener: hear })
  else for (const listener of Object.values(handlers)) if (listener !== undefined) checkArguments({ listener })
  const { slot, key } = useReading(source, options, undefined, hear)
  const types = JSON.stringify(handlers ? Object.keys(handlers) : what)
  useEffect(() => slot.attach(key, listOf(types), false, () => {}), [slot, key, types])
}

type Hear = (data: unknown, event: SSEEvent) => void
type Handlers = Readonly<Record<string, Hear | undefined>>

function listOf(types: string): readonly string[] {
  const list: unknown = JSON.parse(types)
  return Array.isArray(list) ? list.map(String) : [String(list)]
}
