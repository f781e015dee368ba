import type { Clock } from '../protocol/clock.js'
import type { Page } from '../protocol/page.js'
import type { IdentityOptions } from './identity.js'
import type { PersistOptions } from './persist-options.js'
import type { ReaderOptions } from './reader-options.js'
import type { RetryOptions } from './retry.js'
import type { RenewOptions, StreamOptions } from './stream-options.js'
import { json, text } from './decoder.js'
import { isObject, isRecord } from './record.js'
import { bodyFault, headersFault, urlFault } from './request-faults.js'
import { isNotNow } from './source.js'

/** What a value must be, and what to do instead. Development only: in production no rule and no name of one ships. */
export interface Rule {
  readonly holds: (value: unknown) => boolean
  readonly must: string
  readonly fix?: string
  /** Among these it may be misspelt. */
  readonly names?: readonly string[]
  /** Says more than `must` about what is wrong; `null` when nothing is. */
  readonly fault?: (value: unknown) => string | null
  /** Rules for what is in it, by name: other names are unknown. */
  readonly nested?: Readonly<Record<string, Rule>>
  /** Where it may be said: beside whoever reads, clients and providers say what is `shared`. */
  readonly place: 'own' | 'shared' | 'client' | Asker
}

/** Who asks for a stream, as far as it takes options that others do not. */
export type Asker = 'useSSE' | 'useSSEReducer' | 'subscribe' | 'createSSERequest' | 'useSSERequest'

/** A rule before it is known where the option may be said. */
export type Kind = Omit<Rule, 'place'>

/** Every option there is. */
type Options = IdentityOptions &
  StreamOptions &
  ReaderOptions & {
    baseUrl: string
    clock: Clock
    page: Page
    onUncaught: () => void
    select: () => void
    isEqual: () => void
    from: string
    recover: () => void
    persistAs: string
    onChange: () => void
    onStop: () => void
    detach: string
    detachMs: number
  }

const oneOf = (...names: string[]): Kind => ({
  holds: (value) => typeof value === 'string' && names.includes(value),
  must: names.map((name) => `'${name}'`).join(' or '),
  names,
})
const kind = (type: 'string' | 'boolean' | 'function', must: string, fix = ''): Kind => ({
  holds: (value) => typeof value === type,
  must,
  fix,
})
const number = (must: string, holds: (value: number) => boolean, fix = ''): Kind => ({
  holds: (value) => typeof value === 'number' && holds(value),
  must,
  fix,
})
const withMethods = (must: string, ...methods: string[]): Kind => ({
  holds: (value) => isObject(value) && methods.every((method) => method in value),
  must,
})

const optional = (rule: Kind): Kind => ({ ...rule, holds: (value) => value === undefined || rule.holds(value) })

/** What makes objects of a kind, and reads no text: `String`, `Date`, a class. */
export function isClass(value: unknown): value is { readonly name: string } {
  const made: unknown[] = [String, Number, Boolean, BigInt, Object, Array, Date, RegExp, Symbol]
  return typeof value === 'function' && (made.includes(value) || /^class\b/.test(Function.prototype.toString.call(value)))
}

/** What a decoder must be, of a stream or of one type of `events`. */
export function decoderRule(): Kind {
  return {
    holds: (value) =>
      value === 'json' ||
      value === 'text' ||
      (typeof value === 'function' && value !== json && value !== text && !isClass(value)) ||
      (isObject(value) && '~standard' in value),
    must: "'json', 'text', a schema or a function",
    names: ['json', 'text'],
  }
}

/** Rules by where the option may be said. */
const at =
  <P extends Rule['place']>(place: P) =>
  (rule: Kind): Kind & { readonly place: P } => ({ ...rule, place })

/**
 * The one table of option names. The compiler holds it to the option types: a new option can't be left out.
 * Made when it is asked for: what is made at once would ship in production.
 */
export function optionRules() {
  const words = kind('string', 'a string')
  const flag = kind('boolean', 'true or false')
  const callback = kind('function', 'a function')
  const notNegative = number('0 or more ms', (ms) => ms >= 0)
  const RETRY = {
    baseMs: notNegative,
    maxMs: notNegative,
    factor: number('1 or more', (factor) => factor >= 1),
    jitter: {
      holds: (value) => typeof value === 'boolean' || (typeof value === 'number' && value >= 0 && value <= 1),
      must: 'true, false or a number from 0 to 1',
    },
    attempts: number('0 or more', (attempts) => attempts >= 0),
    stableMs: notNegative,
  } satisfies Readonly<Record<keyof RetryOptions, Kind>>
  const own = at('own')
  const shared = at('shared')
  const client = at('client')
  const ofHook = at('useSSE')
  const ofReducer = at('useSSEReducer')
  const ofRequest = at('useSSERequest')

  return {
    url: own({
      holds: (url) => isNotNow(url) || typeof url === 'string' || typeof url === 'function' || url instanceof URL,
      must: 'a string, a URL or a function',
      fault: urlFault,
    }),
    method: own({
      holds: (method) =>
        typeof method === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(method) && !/^(connect|head|trace|track)$/i.test(method),
      must: 'a method that an event stream may answer: GET or POST',
    }),
    body: own({ holds: () => true, must: '', fault: bodyFault }),
    key: own(words),
    credentials: shared(oneOf('omit', 'same-origin', 'include')),
    headers: shared({ holds: () => true, must: '', fault: headersFault }),
    redirect: shared(oneOf('follow', 'error')),
    transport: shared({
      holds: (transport) => isObject(transport) && 'open' in transport && 'can' in transport,
      must: 'a transport',
      fix: ': pass fetchTransport(), with its parentheses',
    }),
    lastEventId: shared(words),
    lastEventIdParam: shared(words),
    live: shared(flag),
    replays: shared(flag),
    isError: shared(callback),
    retry: shared({
      holds: (policy) => typeof policy === 'function' || isRecord(policy),
      must: 'an object or a function',
      fix: ': to never retry pass retry: { attempts: 0 }',
      nested: Object.fromEntries(Object.entries(RETRY).map(([name, rule]) => [name, own(rule)])),
    }),
    connectTimeout: shared({
      holds: (ms) => ms === false || (typeof ms === 'number' && ms > 0),
      must: 'a positive number of ms, or false',
    }),
    idleTimeout: shared({
      holds: (ms) => ms === 'auto' || ms === false || typeof ms === 'function' || (typeof ms === 'number' && ms > 0),
      must: "'auto', a positive number of ms, false or a function of the answer",
      names: ['auto'],
    }),
    pauseWhenHidden: shared({
      holds: (grace) => typeof grace === 'boolean' || (typeof grace === 'number' && grace >= 0),
      must: 'true, false or 0 or more ms',
    }),
    reset: shared({
      holds: isRecord,
      must: 'an object',
      fix: ": pass reset: { statuses: [410], event: 'reset' }",
      nested: {
        statuses: own({
          holds: (list) => Array.isArray(list) && list.every((status) => Number.isInteger(status)),
          must: 'a list of statuses',
        }),
        event: own({
          holds: (names) => [names].flat().every((name) => typeof name === 'string'),
          must: 'an event type or a list of them',
        }),
      },
    }),
    renew: shared({
      holds: isRecord,
      must: 'an object',
      fix: ': pass renew: { at: (info) => epochMs }',
      nested: { at: own(callback), beforeMs: own(notNegative) } satisfies Readonly<Record<keyof RenewOptions, Rule>>,
    }),
    persist: own({
      holds: (given) => isRecord(given) && 'key' in given,
      must: "an object with a key: { key: 'orders' }",
      nested: {
        key: own({ holds: (key) => typeof key === 'string' && key !== '', must: 'a text that names the record' }),
        storage: own({
          holds: (storage) =>
            isObject(storage) &&
            [
              ['getItem', 'setItem', 'removeItem'],
              ['get', 'set', 'del'],
            ].some((names) => names.every((name) => name in storage)),
          must: 'a web Storage, an AsyncStorage or idb-keyval',
        }),
        version: own({ holds: (version) => /^(string|number)$/.test(typeof version), must: 'a text or a number' }),
        maxAgeMs: own(notNegative),
        maxBytes: own(number('a positive number', (size) => size > 0)),
      } satisfies Readonly<Record<keyof PersistOptions, Rule>>,
    }),
    dedupe: shared(number('a whole number of ids', (count) => Number.isSafeInteger(count) && count >= 0)),
    linger: shared(notNegative),
    notify: shared({
      holds: (when) => typeof when === 'function' || when === 'frame' || when === 'sync',
      must: "'frame', 'sync' or a function",
      names: ['frame', 'sync'],
    }),
    maxEventSize: shared(number('a positive number', (size) => size > 0)),
    types: shared({
      holds: (types) => Array.isArray(types) && types.every((type) => typeof type === 'string'),
      must: 'a list of event types',
      fix: ": pass types: ['message', …]",
    }),
    decode: shared(decoderRule()),
    onInvalid: shared(oneOf('report', 'drop')),
    history: shared(
      number('a whole number of events', (count) => Number.isSafeInteger(count) && count >= 0, ': it is always bounded'),
    ),
    keepPreviousData: shared(flag),
    events: own({ holds: isRecord, must: 'an object of decoders by event type' }),
    onUndeclared: own(callback),
    initial: own({ holds: () => true, must: '' }),
    reduce: own(callback),
    enabled: own(flag),
    until: own(kind('function', 'a function of the raw event')),
    onOpen: own(callback),
    onMessage: own(callback),
    onError: own(callback),
    onClose: own(callback),
    onResume: own(callback),
    onReset: own(callback),
    onBatch: own(callback),
    baseUrl: client({ ...words, fault: (value) => (value instanceof URL ? 'baseUrl must be a string: pass url.href' : null) }),
    clock: client(withMethods('a clock', 'now', 'setTimeout', 'clearTimeout', 'requestFrame', 'cancelFrame', 'random')),
    page: client(withMethods('a page', 'subscribe')),
    onUncaught: client(callback),
    select: ofHook(callback),
    isEqual: ofHook(callback),
    from: ofReducer(oneOf('history', 'now')),
    recover: ofReducer(callback),
    persistAs: ofReducer(words),
    onChange: at('subscribe')(callback),
    onStop: at('createSSERequest')(callback),
    detach: ofRequest(words),
    detachMs: ofRequest(notNegative),
  } satisfies { readonly [K in keyof Required<Options>]: Rule }
}

/** What is passed beside sources and options, by name. */
export function argumentRules() {
  const callback = kind('function', 'a function')
  return {
    type: {
      holds: (type) => [type].flat().every((name) => typeof name === 'string'),
      must: 'an event type or a list of them',
      fix: ': or pass an object of listeners by type, and no other',
    },
    listener: callback,
    reduce: callback,
    graceMs: optional(number('0 or more ms', (ms) => ms >= 0)),
    statusOptions: {
      holds: () => true,
      must: '',
      fault(options) {
        const unknown = isObject(options) ? Object.keys(options).find((name) => name !== 'graceMs') : undefined
        return unknown === undefined ? null : `useSSEStatus takes graceMs alone, not '${unknown}'`
      },
    },
    client: optional({ ...withMethods('a client', 'bind', 'subscribe'), fix: ': pass what createSSEClient() returns' }),
    observer: callback,
    wrapper: callback,
  } satisfies Readonly<Record<string, Kind>>
}

type Table = ReturnType<typeof optionRules>

/** The options that clients and providers may say for all. */
export type SharedOption = { [K in keyof Table]: Table[K]['place'] extends 'shared' ? K : never }[keyof Table]
