import type { Settings } from '../options/settings.js'
import type { Notify, StreamOptions } from '../options/stream-options.js'
import { numberOr } from '../options/number.js'
import { warnOnce } from '../protocol/development.js'

const MAX_EVENT_SIZE = 4 * 1024 * 1024

/** What the readers of one stream agree on: the options of which it has one value, however many read it. */
export interface Agreement extends Pick<
  StreamOptions,
  | 'retry'
  | 'lastEventIdParam'
  | 'replays'
  | 'isError'
  | 'connectTimeout'
  | 'idleTimeout'
  | 'pauseWhenHidden'
  | 'reset'
  | 'dedupe'
  | 'persist'
  | 'renew'
> {
  readonly live: boolean
  readonly lastEventId: string
  readonly maxEventSize: number
  readonly notify: Notify
}

/** The options of which the oldest reader's counts that gives one. */
const OLDEST = [
  'live',
  'retry',
  'lastEventId',
  'lastEventIdParam',
  'replays',
  'isError',
  'connectTimeout',
  'idleTimeout',
  'pauseWhenHidden',
  'reset',
  'dedupe',
  'persist',
  'renew',
] as const

/**
 * An option that is not given does not count: what happens must not depend on which component mounted first.
 *
 * @param readers - the oldest first, at least one
 */
export function agreementOf(readers: readonly Settings[]): Agreement {
  const first = <K extends keyof Settings>(name: K) => readers.find((reader) => reader[name] !== undefined)?.[name]
  const sizes = readers.filter(({ maxEventSize }) => maxEventSize !== undefined)
  const wanted = readers.map(({ notify }) => notify).filter((notify) => notify !== undefined)
  return {
    live: first('live') ?? readers[0]?.method === 'GET',
    retry: first('retry'),
    lastEventId: first('lastEventId') ?? '',
    lastEventIdParam: first('lastEventIdParam'),
    replays: first('replays'),
    isError: first('isError'),
    connectTimeout: first('connectTimeout'),
    idleTimeout: first('idleTimeout'),
    pauseWhenHidden: first('pauseWhenHidden'),
    reset: first('reset'),
    dedupe: first('dedupe'),
    persist: first('persist'),
    renew: first('renew'),
    maxEventSize:
      sizes.length > 0 ? Math.max(...sizes.map(({ maxEventSize }) => numberOr(MAX_EVENT_SIZE, maxEventSize))) : MAX_EVENT_SIZE,
    notify: (['sync', 'frame'] as const).find((fastest) => wanted.includes(fastest)) ?? wanted[0] ?? 'frame',
  }
}

/** Says once, in development, that a reader asks for something that its stream will not do. */
export function warnOfDisagreement(readers: readonly Settings[], newcomer: Settings, asked: boolean): void {
  for (const name of OLDEST) {
    const before = readers.find((reader) => reader[name] !== undefined)
    if (newcomer[name] === undefined) continue
    if (!before) {
      if (name === 'lastEventId' && asked)
        warnOnce("eventwire: a 'lastEventId' came after its stream had been asked for: it is too late. Set it in defineSSE, or in a provider.")
    } else if (written(before, name) !== written(newcomer, name))
      warnOnce(
        `eventwire: readers of one stream give different values for '${name}'; the oldest reader's counts. Set it in defineSSE, or in a provider.`,
      )
  }
}

/** An option so that it can be compared. Of a record its name will do: what a storage holds is nobody's business. */
function written(settings: Settings, name: (typeof OLDEST)[number]): string | undefined {
  return name === 'persist' ? settings.persist?.key : JSON.stringify(settings[name])
}
