import type { IdentityOptions } from './identity.js'
import type { ReaderOptions } from './reader.js'
import type { StreamOptions } from './stream-options.js'
import { json, text } from './decode.js'

type Options = Partial<IdentityOptions> & StreamOptions & ReaderOptions

/** What a client or provider may say for all, hooks too. */
const SHARED = [
  ...['credentials', 'headers', 'transport', 'lastEventId', 'lastEventIdParam', 'live', 'retry', 'linger', 'notify'],
  ...['maxEventSize', 'types', 'decode', 'onInvalid', 'history', 'keepPreviousData'],
]
/** Names that options of a source or a hook may have. */
const KNOWN = [
  ...SHARED,
  ...['url', 'method', 'body', 'key', 'events', 'onUndeclared', 'enabled', 'until'],
  ...['onOpen', 'onMessage', 'onError', 'onClose', 'onResume', 'select', 'isEqual'],
]
const CLIENT = [...SHARED, 'baseUrl', 'clock', 'onUncaught']

/** Whether a value will do; what it must be; what to do instead; and the names among which it may be misspelt. */
type Rule = readonly [holds: (value: unknown) => boolean, must: string, fix?: string, names?: readonly string[]]

const DECODER: Rule = [
  (decoder) =>
    decoder === 'json' ||
    decoder === 'text' ||
    (typeof decoder === 'function' && decoder !== json && decoder !== text) ||
    (isObject(decoder) && '~standard' in decoder),
  "'json', 'text', a schema or a function",
  '',
  ['json', 'text'],
]

const RULES: Readonly<Record<string, Rule>> = {
  decode: DECODER,
  events: [isObject, 'an object of decoders by event type'],
  history: [
    (count) => Number.isSafeInteger(count) && Number(count) >= 0,
    'a whole number of events',
    ': it is always bounded',
  ],
  linger: [(ms) => typeof ms === 'number' && ms >= 0, '0 or more ms'],
  maxEventSize: [(size) => typeof size === 'number' && size > 0, 'a positive number'],
  notify: [
    (when) => typeof when === 'function' || when === 'frame' || when === 'sync',
    "'frame', 'sync' or a function",
    '',
    ['frame', 'sync'],
  ],
  onInvalid: [(what) => what === 'report' || what === 'drop', "'report' or 'drop'"],
  retry: [
    (policy) => typeof policy === 'function' || isObject(policy),
    'an object or a function',
    ': to never retry pass retry: { attempts: 0 }',
  ],
  types: [(types) => Array.isArray(types), 'a list of event types', ": pass types: ['message', …]"],
  until: [(until) => typeof until === 'function', 'a function of the raw event'],
}

/**
 * @param options - what a client is made with
 * @throws TypeError when they can't mean what they say
 */
export function checkDefaults(options: Options): void {
  for (const name of Object.keys(options)) checkName(name, CLIENT)
  checkValues(options)
}

/**
 * @param options - as merged
 * @param own - what the source and the hook said themselves
 * @param headers - whether anyone set headers
 * @throws TypeError when options can't mean what they say
 */
export function checkOptions(options: Options, own: readonly Options[], headers: boolean): void {
  checkSource(own)
  for (const layer of own) for (const name of Object.keys(layer)) checkName(name, KNOWN)
  // A provider's are known here only.
  for (const name of Object.keys(options)) checkName(name, [...KNOWN, ...CLIENT])
  checkValues(options)

  const { url, method, body, transport } = options
  const kind = typeof url
  if (url && kind !== 'string' && kind !== 'function' && !(url instanceof URL))
    throw new TypeError(`url must be a string, a URL or a function, not ${kind}`)
  // What a client or provider sets for all is no demand; what is asked here is.
  const asked = (name: keyof Options) => own.some((layer) => layer[name] !== undefined)
  if (asked('events') && asked('decode')) throw new TypeError('Pass either events or decode, not both')
  if (!transport?.can)
    throw new TypeError('transport must be a transport: pass fetchTransport(), with its parentheses')
  const lacks = (capability: 'headers' | 'method' | 'size' | 'activity') => !transport.can.has(capability)
  const refused =
    headers && lacks('headers')
      ? 'headers'
      : (body != null || !/^get$/i.test(method ?? 'get')) && lacks('method')
        ? 'method and body'
        : asked('maxEventSize') && lacks('size') && lacks('activity')
          ? 'maxEventSize'
          : null
  if (refused) throw new TypeError(`The ${transport.name} transport can't do ${refused}: use fetchTransport()`)
}

function checkSource(own: readonly unknown[]): void {
  const [source] = own
  if (!isObject(source))
    throw new TypeError(
      `A source must be a URL, an object with a url or a definition, not ${shown(source)}` +
        (typeof source === 'function' ? ': pass { url: () => … }' : ''),
    )
  // `url: null` says "not now"; where there is none it was forgotten.
  if (!own.some((layer) => isObject(layer) && 'url' in layer))
    throw new TypeError("The source has no url: pass { url: '/events', … }, or null for not now")
  if ('select' in source || 'isEqual' in source)
    throw new TypeError("select and isEqual belong in the hook's second argument")
}

function checkValues(options: Options): void {
  for (const [name, value] of Object.entries(options)) checkValue(name, value, RULES[name])
  for (const [type, decoder] of Object.entries(options.events ?? {})) checkValue(`events.${type}`, decoder, DECODER)
}

function checkValue(name: string, value: unknown, rule: Rule | undefined): void {
  if (!rule || value === undefined) return
  const [holds, must, fix = '', names = []] = rule
  if (holds(value)) return
  const near = typeof value === 'string' ? nearest(value, names) : undefined
  throw new TypeError(`${name} must be ${must}, not ${shown(value)}${near ? `. Did you mean '${near}'?` : fix}`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (value === json) return 'json itself: call it: json()'
  if (value === text) return 'text itself: call it: text()'
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : String(value)
}

function checkName(name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const near = nearest(name, known)
  throw new TypeError(`Unknown option '${name}'.${near ? ` Did you mean '${near}'?` : ''}`)
}

function nearest(name: string, names: readonly string[]): string | undefined {
  return names.find((known) => known.toLowerCase() === name.toLowerCase() || distance(known, name) < 3)
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
