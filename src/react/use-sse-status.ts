import type { SourceOptions, SSESource, StreamStatus } from 'eventwire/core'
import { checkArguments, NO_STREAMS, watchStatus } from 'eventwire/core'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useSSEContext } from './provider.js'
import { useReading } from './use-reading.js'

/** Options of {@link useSSEStatus}. */
export interface UseSSEStatusOptions {
  /** How long trouble may last before it shows, in ms. Good news shows at once. Default 1,500. */
  graceMs?: number | undefined
}

type Given = readonly [first?: SSESource | UseSSEStatusOptions, options?: UseSSEStatusOptions]

/** It listens to no event, and asks for nothing that other readers did not. */
const LISTENER: Partial<SourceOptions> = {}
const noStreams = () => NO_STREAMS

/**
 * One honest word for the page: how all streams stand that someone reads, without flicker. With a source it is about that
 * one, which it reads along; a source that is not there yet is `idle`, never all.
 *
 * @returns `{ status, reason, retryAt, streams }`, the same object until it changes
 * @throws TypeError on misuse, with what to do instead
 *
 * @example
 * ```tsx
 * import { useSSEStatus } from 'eventwire'
 *
 * export function Banner() {
 *   const { status, reason, retryAt } = useSSEStatus({ graceMs: 1500 })
 *   if (reason === 'offline') return <p role="status">You are offline</p>
 *   if (!reason) return null
 *   return <p role="status">{retryAt ? `Back at ${new Date(retryAt).toLocaleTimeString()}` : status}</p>
 * }
 * ```
 * @see examples/recipes/banner.tsx: a banner that does not flicker
 */
export function useSSEStatus(options?: UseSSEStatusOptions): StreamStatus
export function useSSEStatus(source: SSESource, options?: UseSSEStatusOptions): StreamStatus
export function useSSEStatus(...given: Given): StreamStatus {
  const { source, graceMs, options } = read(given)
  checkArguments({ graceMs, statusOptions: options })
  const { client } = useSSEContext()
  const { slot, key } = useReading(source ?? null, LISTENER)
  const all = source === undefined
  const watch = useMemo(
    () => (all || key ? watchStatus(client, graceMs, all ? null : () => slot.snapshot(key)) : null),
    [client, slot, key, all, graceMs],
  )
  const subscribe = useCallback(
    (changed: () => void) => {
      if (!watch) return () => {}
      const stop = watch.subscribe(changed)
      const leave = slot.attach(key, [], false, watch.update)
      watch.update()
      return () => {
        leave()
        stop()
      }
    },
    [watch, slot, key],
  )
  return useSyncExternalStore(subscribe, watch?.read ?? noStreams, noStreams)
}

/** `source`: `undefined` for all. Only without any argument, or with options alone, it is about all. */
function read(given: Given): { source: SSESource | undefined; graceMs: number; options: UseSSEStatusOptions | undefined } {
  const [first, second] = given
  const options = isOptions(first) ? first : second
  const source = isOptions(first) || given.length === 0 ? undefined : (first ?? null)
  return { source, graceMs: options?.graceMs ?? 1_500, options }
}

/** What has no url is no source. */
function isOptions(given: SSESource | UseSSEStatusOptions): given is UseSSEStatusOptions {
  return typeof given === 'object' && given !== null && !(given instanceof URL) && !('url' in given)
}
