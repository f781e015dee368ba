import type {
  DataOf,
  Decoder,
  EventMap,
  EventsOf,
  Reading,
  SourceOf,
  SourceOptions,
  SSEEvent,
  SSESource,
  Unread,
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

/** The event types that there are. */
type EventName<M extends EventMap> = [M] extends [never] ? string : keyof M & string

/** The events of some types. */
type EventNamed<T, D extends Decoder, M extends EventMap, K extends string> = [M] extends [never]
  ? SSEEvent<DataOf<T, D>>
  : EventsOf<Pick<M, K & keyof M>>

type HandlersIn<T, D extends Decoder, M extends EventMap> = [M] extends [never]
  ? Readonly<Record<string, ((data: DataOf<T, D>, event: SSEEvent<DataOf<T, D>>) => void) | undefined>>
  : EventHandlers<M>

/**
 * Listens for events of one type, or of several: every one of them, in order, with the newest closure.
 * The component does not render because of them. Shares the connection of its source.
 *
 * @param type - an event type, a list of types, or an object of listeners by type: `{ alert: (a) => …, log: (l) => … }`
 * @param listener - called outside render; what it throws goes to `onUncaught` and stops nobody
 * @throws TypeError on misuse, with what to do instead
 *
 * @example
 * ```tsx
 * import { defineSSE, json, text, useSSEEvent } from 'eventwire'
 *
 * const ops = defineSSE({ url: '/events', events: { alert: json<{ title: string }>(), log: text() } })
 *
 * export function Alerts({ show }: { show: (title: string) => void }) {
 *   useSSEEvent(ops, 'alert', (alert) => show(alert.title))
 *   useSSEEvent(ops, { alert: (alert) => show(alert.title), log: (line) => console.log(line) })
 *   return null
 * }
 * ```
 */
export function useSSEEvent<
  T = unknown,
  D extends Decoder = Decoder,
  const M extends EventMap = never,
  K extends EventName<M> = EventName<M>,
>(
  source: SourceOf<T, D, M>,
  type: K | readonly K[],
  listener: (data: EventNamed<T, D, M, K>['data'], event: EventNamed<T, D, M, K>) => void,
  options?: Unread<UseSSEEventOptions> & Reading<D, M>,
): void
export function useSSEEvent<T = unknown, D extends Decoder = Decoder, const M extends EventMap = never, L = never>(
  source: SourceOf<T, D, M>,
  // What is text or a list has an iterator: it takes no more arguments here, so that only the other overload says what is wrong.
  handlers: HandlersIn<T, D, M> & { readonly [Symbol.iterator]?: L },
  ...options: [L] extends [never] ? [options?: Unread<UseSSEEventOptions> & Reading<D, M>] : []
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
