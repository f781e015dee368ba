import type { IdentityOptions } from './identity.js'
import type { ReaderOptions } from './reader.js'
import type { StreamOptions } from './stream-options.js'

type Options = Partial<IdentityOptions> & StreamOptions & ReaderOptions

/** Names that options may have. */
const KNOWN = [
  ...['url', 'method', 'body', 'credentials', 'headers', 'transport', 'key'],
  ...['lastEventId', 'lastEventIdParam', 'live', 'retry', 'linger', 'notify', 'maxEventSize', 'types'],
  ...['events', 'decode', 'onInvalid', 'onUndeclared', 'history', 'enabled', 'keepPreviousData', 'until'],
  ...['onOpen', 'onMessage', 'onError', 'onClose', 'onResume', 'select', 'isEqual'],
]

/**
 * @param options - as merged
 * @param own - what the source and the hook said themselves
 * @param headers - whether anyone set headers
 * @throws TypeError when options can't mean what they say
 */
export function checkOptions(options: Options, own: readonly Options[], headers: boolean): void {
  const { url, method, body, history = 0, maxEventSize = 1, transport, events, decode, until } = options
  const kind = typeof url
  if (url && kind !== 'string' && kind !== 'function' && !(url instanceof URL))
    throw new TypeError(`url must be a string, a URL or a function, not ${kind}`)
  if (!Number.isSafeInteger(history) || history < 0)
    throw new TypeError('history must be a whole number of events: it is always bounded')
  if (!(maxEventSize > 0)) throw new TypeError('maxEventSize must be a positive number')
  if (events && decode) throw new TypeError('Pass either events or decode, not both')
  if (until && typeof until !== 'function') throw new TypeError('until must be a function of the raw event')
  if (!transport?.can)
    throw new TypeError('transport must be a transport: pass fetchTransport(), with its parentheses')
  const lacks = (capability: 'headers' | 'method' | 'size' | 'activity') => !transport.can.has(capability)
  // What a client or provider sets for all is no demand; what is asked here is.
  const sized = own.some((layer) => layer.maxEventSize !== undefined)
  const refused =
    headers && lacks('headers')
      ? 'headers'
      : (body != null || !/^get$/i.test(method ?? 'get')) && lacks('method')
        ? 'method and body'
        : sized && lacks('size') && lacks('activity')
          ? 'maxEventSize'
          : null
  if (refused) throw new TypeError(`The ${transport.name} transport can't do ${refused}: use fetchTransport()`)
  for (const layer of own) Object.keys(layer).forEach(checkName)
}

function checkName(name: string): void {
  if (KNOWN.includes(name)) return
  const near = KNOWN.find((known) => known.toLowerCase() === name.toLowerCase() || distance(known, name) < 3)
  throw new TypeError(`Unknown option '${name}'.${near ? ` Did you mean '${near}'?` : ''}`)
}

/** Levenshtein's: how many letters to change, add or leave out. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
    row = next
  }
  return row[b.length] ?? 0
}
