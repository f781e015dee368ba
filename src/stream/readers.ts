import type { ReaderOptions } from '../options/reader-options.js'
import type { Settings } from '../options/settings.js'
import type { SSEEvent } from '../protocol/event.js'
import type { Agreement } from './agreed-options.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { agreementOf, warnOfDisagreement } from './agreed-options.js'
import { call } from './callback.js'
import { warnOfDeafness } from './deaf-listener.js'

/** One who reads a stream: a hook, or a subscription. */
export interface Reader {
  /** The newest options, closures included. */
  settings: Settings
  /** The event types that `hear` is for; `null` for all. */
  readonly listen: readonly string[] | null
  /** The hook's own listener, beside the `onMessage` of whoever wrote the options. */
  readonly hear: ((data: unknown, event: SSEEvent) => void) | null
  /** The hook's own word on what was missed: a gap, or a server that had to start over. */
  readonly missed: ((why: Missed) => void) | null
  /** It looks at snapshots, and not only at events as they come. */
  readonly snapshots: boolean
  /** What it keeps over a reload, under the name `persistAs`; `null` for nothing. */
  readonly keep: Keep | null
  /** `false` once it has left or its `until` has matched: nothing more is delivered. */
  active: boolean
  /** Its `until` has matched. */
  done: boolean
  /** A snapshot was published. */
  readonly changed: () => void
}

/** A state that is kept beside its stream. */
export interface Keep {
  /** The state as it is now, all events told. */
  read(): unknown
  /** It is this again. */
  restore(state: unknown): void
}

/** Why what was folded from a stream may not be the whole of it. */
export type Missed = 'gap' | 'reset'

type Callbacks = Pick<
  Required<ReaderOptions>,
  'onOpen' | 'onMessage' | 'onError' | 'onClose' | 'onResume' | 'onReset' | 'onBatch' | 'onUndeclared'
>

/** Calls one callback of every reader that is still there. `readers` must not change on the way: a copy, or a list. */
export function deliver<K extends keyof Callbacks>(
  readers: readonly Reader[],
  name: K,
  a: Parameters<NonNullable<Callbacks[K]>>[0],
  b?: Parameters<NonNullable<Callbacks[K]>>[1],
): void {
  for (const { active, settings } of readers) {
    // A seam: TypeScript does not see that a callback of this name takes these arguments.
    const callback = settings[name] as ((a: unknown, b: unknown) => unknown) | undefined
    if (active && callback) call(settings.onUncaught, callback, a, b, name)
  }
}

/** Everyone who reads one stream, and what they agree on. */
export interface Readers {
  /** In the order in which they came. Another list after every change. */
  readonly list: readonly Reader[]
  /** What one of them says where only one can; of the last who left, when nobody reads. */
  readonly oldest: Settings
  readonly agreement: Agreement
  /** @param asked - a request has gone out: what only the first can say comes too late */
  add(reader: Reader, asked: boolean): void
  /** `false` when it was not there. */
  remove(reader: Reader): boolean
  has(reader: Reader): boolean
  /** Options of a reader are others now. */
  renewed(): void
}

/** @param first - who makes the stream, and is about to read it */
export function createReaders(first: Settings): Readers {
  const all = new Set<Reader>()
  let list: readonly Reader[] = []
  let newest = first
  let agreement: Agreement | null = null

  const oldest = () => list[0]?.settings ?? newest
  function changed() {
    list = [...all]
    agreement = null
  }

  return {
    get list() {
      return list
    },
    get oldest() {
      return oldest()
    },
    // Worked out when a reader comes, goes or says something else, and not for every event.
    get agreement() {
      return (agreement ??= agreementOf(list.length > 0 ? list.map(({ settings }) => settings) : [newest]))
    },
    add(reader, asked) {
      if (MODE_KNOWN && process.env.NODE_ENV !== 'production') {
        warnOfDeafness(reader)
        if (list.length > 0) warnOfDisagreement(list.map(({ settings }) => settings), reader.settings, asked)
      }
      all.add(reader)
      changed()
    },
    remove(reader) {
      if (!all.delete(reader)) return false
      newest = reader.settings
      changed()
      return true
    },
    has: (reader) => all.has(reader),
    renewed() {
      agreement = null
    },
  }
}

/** The event types that a reader names, for transports that must know them. */
export function typesOf({ settings: { types = [], events = {}, reset }, listen }: Reader): readonly string[] {
  return [...types, ...Object.keys(events), ...(listen ?? []), ...[reset?.event ?? []].flat()]
}
