import type {
  Decoder,
  EventMap,
  EventsIn,
  Reading,
  RequestMethods,
  RequestSnapshot,
  SSEEvent,
  SSERequestOptions,
  Unread,
} from 'eventwire/core'
import { checkRequestOptions, createOwnedRequest } from 'eventwire/core'
import { useEffect, useInsertionEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { detachedRequests } from './detached-requests.js'
import { useSSEContext } from './provider.js'

/** What {@link useSSERequest} returns: an immutable snapshot and stable methods. */
export interface SSERequestResult<V> extends RequestSnapshot<V>, RequestMethods<V> {}

/** Options of {@link useSSERequest}. */
export interface UseSSERequestOptions<V, E extends SSEEvent = SSEEvent> extends SSERequestOptions<V, E> {
  /**
   * Lets a run go on when its component unmounts, for the next that mounts under the same word, value and all; two at a
   * time under one word are misuse. Default: it ends.
   */
  readonly detach?: string | undefined
  /** How long it may go on with nobody there, in ms. Default 60,000. */
  readonly detachMs?: number | undefined
}

/**
 * A request whose answer is an event stream with an end: of a language model, a job, an export. Nothing is sent before
 * `start()`, and nothing twice.
 *
 * @returns what has become of the answer, once a frame at most, with the stable methods `start`, `stop`, `resume`, `clear`
 * @throws TypeError on misuse, with what to do instead
 *
 * @example
 * ```tsx
 * import { json, useSSERequest } from 'eventwire'
 *
 * export function Chat() {
 *   const { value, status, error, start, stop } = useSSERequest({
 *     url: '/chat',
 *     decode: json<{ text: string }>(),
 *     initial: '',
 *     reduce: (answer, { data }) => answer + data.text,
 *     until: ({ raw }) => raw === '[DONE]',
 *   })
 *   if (status === 'streaming') return <p>{value}<button onClick={stop}>Stop</button></p>
 *   return <p>{error?.message ?? value}<button onClick={() => start({ body: { prompt: 'Hello' } })}>Ask</button></p>
 * }
 * ```
 * @see examples/recipes/answer.tsx: a model's answer, with stop and ask again
 */
export function useSSERequest<V, T = unknown, D extends Decoder = Decoder, const M extends EventMap = never>(
  options: Unread<UseSSERequestOptions<V, EventsIn<T, D, M>>> & Reading<D, M>,
): SSERequestResult<V>
export function useSSERequest<V>(given: UseSSERequestOptions<V>): SSERequestResult<V> {
  checkRequestOptions(given, 'useSSERequest')
  const { detach, detachMs = 60_000, ...options } = given
  const { client, layers } = useSSEContext()
  const make = () => {
    const create = () => createOwnedRequest(client, options, layers)
    return { client, detach, request: detach === undefined ? create() : detachedRequests(client).get(detach, create) }
  }
  // State and no memo: Fast Refresh makes memos anew, and a run belongs to its component.
  const [kept, keep] = useState(make)
  let { request } = kept
  if (kept.client !== client || kept.detach !== detach) {
    const made = make()
    request = made.request
    keep(made)
  }
  // Insertion effects run before every other: whoever starts after this commit starts with the newest options.
  useInsertionEffect(() => request.update(options, layers))
  useEffect(() => {
    if (detach === undefined) return request.attach(0, () => {})
    const words = detachedRequests(client)
    words.keep(detach, request)
    return request.attach(detachMs, () => words.drop(detach, request))
  }, [request, client, detach, detachMs])
  const snapshot = useSyncExternalStore(request.subscribe, request.getSnapshot, request.getSnapshot)
  return useMemo(() => {
    const { start, stop, resume, clear } = request
    return Object.freeze({ ...snapshot, start, stop, resume, clear })
  }, [snapshot, request])
}
