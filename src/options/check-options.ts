import type { IdentityOptions } from './identity.js'
import type { Asker, Kind, Rule } from './option-rules.js'
import type { ReaderOptions } from './reader-options.js'
import type { StreamOptions } from './stream-options.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { json, text } from './decoder.js'
import { foreignName } from './foreign-names.js'
import { argumentRules, decoderRule, isClass, optionRules } from './option-rules.js'
import { isObject, isRecord } from './record.js'
import { isNotNow } from './source.js'
import { nearest } from '../protocol/spelling.js'

type Options = Partial<IdentityOptions> & StreamOptions & ReaderOptions & { persistAs?: string | undefined }

let made: Readonly<Record<string, Rule>> | null = null

function rules(): Readonly<Record<string, Rule>> {
  return (made ??= optionRules())
}

/** Who may say what: clients and providers, and sources. What is passed beside a source may be the asker's alone. */
const BY_DEFAULTS: readonly Rule['place'][] = ['shared', 'client']
const BY_SOURCE: readonly Rule['place'][] = ['own', 'shared']

function namesFor(places: readonly Rule['place'][]): string[] {
  return Object.entries(rules()).flatMap(([name, { place }]) => (places.includes(place) ? name : []))
}

/**
 * In production it does nothing.
 *
 * @internal
 * @param options - what a client is made with, or what a provider sets
 * @returns the same
 * @throws TypeError when they can't mean what they say
 */
export function checkDefaults<O extends object>(options: O): O {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return options
  checkRecord('Options', options)
  checkNames(options, namesFor(BY_DEFAULTS))
  checkValues(options)
  return options
}

/**
 * @param source - what `defineSSE` is given
 * @throws TypeError when it can't mean what it says
 */
export function checkDefinition(source: object): void {
  checkNames(source, namesFor(BY_SOURCE))
  checkValues(source)
}

/**
 * Each place by itself, before they are merged.
 *
 * @param defaults - what lies below
 * @param options - what was passed beside the source
 * @throws TypeError when options can't mean what they say
 */
export function checkLayers(
  defaults: readonly { options: object }[],
  source: unknown,
  options: unknown,
  asker: Asker | undefined,
): void {
  if (options !== undefined) checkRecord('Options', options)
  const described = typeof source === 'string' || source instanceof URL ? { url: source } : source
  if (!isNotNow(described)) {
    checkSource(described, options)
    checkNames(described, namesFor(BY_SOURCE))
    checkValues(described)
  }
  if (options !== undefined) {
    checkNames(options, namesFor(asker ? [...BY_SOURCE, asker] : BY_SOURCE))
    checkValues(options)
  }
  for (const layer of defaults) {
    checkNames(layer.options, namesFor(BY_DEFAULTS))
    checkValues(layer.options)
  }
}

/**
 * What is passed beside sources and options. In production it does nothing.
 *
 * @internal
 * @throws TypeError for what can't mean what it says
 */
export function checkArguments(given: { readonly [K in keyof ReturnType<typeof argumentRules>]?: unknown }): void {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return
  const known: Readonly<Record<string, Kind>> = argumentRules()
  for (const [name, value] of Object.entries(given)) checkValue(name, value, known[name])
}

/** What makes no sense in a loop: `onMessage` and the end are the loop's own. */
const NOT_IN_A_LOOP = ['onMessage', 'onClose', 'history', 'enabled', 'keepPreviousData', 'notify', 'linger', 'persist', 'select', 'isEqual'] as const
/** What makes no sense where there is one answer. Its cursor is `resume`'s. */
const NOT_OF_ONE_ANSWER = ['enabled', 'history', 'keepPreviousData', 'linger', 'persist', 'renew', 'pauseWhenHidden', 'lastEventId'] as const

/** Options that the loop of `openSSE` does not take. */
export type NotInALoop = (typeof NOT_IN_A_LOOP)[number]
/** Options that a request does not take. */
export type NotOfOneAnswer = 'live' | (typeof NOT_OF_ONE_ANSWER)[number]

/** @throws TypeError for what `openSSE` does not take, in what was given it */
export function checkLoop(...given: readonly unknown[]): void {
  for (const options of given) refuse('openSSE', NOT_IN_A_LOOP, 'events come to the loop, one by one', options)
}

/**
 * In production it does nothing.
 *
 * @internal
 * @throws TypeError when what a request is made of can't mean what it says
 */
export function checkRequestOptions(options: unknown, asker: 'createSSERequest' | 'useSSERequest'): void {
  if (!MODE_KNOWN || process.env.NODE_ENV === 'production') return
  checkRecord('Options', options)
  refuse(asker, NOT_OF_ONE_ANSWER, 'a request is sent once, when it is started', options)
  // `false` is what a request is anyway: a definition of an answer may say so.
  if ('live' in options && options.live !== false) refuse(asker, ['live'], 'it has an end', options)
  const absent = (['initial', 'reduce'] as const).find((name) => !(name in options))
  if (absent) throw new TypeError(`${asker} needs ${absent}: pass initial: '', reduce: (value, event) => value + event.data`)
  checkNames(options, namesFor([...BY_SOURCE, 'createSSERequest', asker]))
  checkValues(options)
}

function refuse(asker: string, names: readonly string[], why: string, options: unknown): void {
  // What is not given says nothing.
  const name = isObject(options) && names.find((misplaced) => Reflect.get(options, misplaced) !== undefined)
  if (name) throw new TypeError(`${asker} does not take '${name}': ${why}`)
}

/** @throws TypeError for what is no object of options */
export function checkRecord(what: string, value: unknown): asserts value is object {
  if (!isRecord(value)) throw new TypeError(`${what} must be an object, not ${shown(value)}`)
}

/**
 * Options as they lie together.
 *
 * @param options - as merged
 * @param own - what the source and the hook said themselves
 * @param headers - whether anyone set headers
 * @throws TypeError when options can't mean what they say
 */
export function checkOptions(options: Options, own: readonly Options[], headers: boolean): void {
  const { method, body, transport, persist } = options
  // What a client or provider sets for all is no demand; what is asked here is.
  const asked = (name: keyof Options) => own.some((layer) => layer[name] !== undefined)
  if (asked('events') && asked('decode')) throw new TypeError('Pass either events or decode, not both')
  const lacks = (capability: 'headers' | 'method' | 'size' | 'activity') => !transport?.can.has(capability)
  const refused =
    headers && lacks('headers')
      ? 'headers'
      : (body != null || !/^get$/i.test(method ?? 'get')) && lacks('method')
        ? 'method and body'
        : asked('maxEventSize') && lacks('size') && lacks('activity')
          ? 'maxEventSize'
          : asked('idleTimeout') && options.idleTimeout !== false && options.idleTimeout !== 'auto' && lacks('activity')
            ? 'idleTimeout'
            : null
  const live = options.live ?? (body == null && /^get$/i.test(method ?? 'get'))
  if (persist && !live) throw new TypeError('persist is for streams that are live: a request that ends has no cursor to go on from')
  if (asked('persistAs') && !persist) throw new TypeError("persistAs needs persist: { key: '…' } beside the stream's url")
  if (refused) throw new TypeError(`The ${transport?.name} transport can't do ${refused}: use fetchTransport()`)
}

function checkSource(source: unknown, options: object | undefined): asserts source is object {
  if (!isRecord(source))
    throw new TypeError(
      `A source must be a URL, an object with a url or a definition, not ${shown(source)}` +
        (typeof source === 'function' ? ': pass { url: () => … }' : ''),
    )
  // `url: null` says "not now"; where there is none it was forgotten.
  if (![source, options].some((said) => said && 'url' in said))
    throw new TypeError("The source has no url: pass { url: '/events', … }, or null for not now")
  for (const [name, { place }] of Object.entries(rules()))
    if (name in source && !BY_SOURCE.includes(place) && !BY_DEFAULTS.includes(place))
      throw new TypeError(`'${name}' belongs in the options that are passed to ${place}, not in its source`)
}

/** @param within - what they are options of: `'retry.'`, say */
function checkNames(options: object, known: readonly string[], within = ''): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const hint = hintFor(name, known, within)
    throw new TypeError(`Unknown option '${within}${name}'.${hint ? ` ${hint}` : ''}`)
  }
}

/** Where a name that is unknown may come from. */
function hintFor(name: string, known: readonly string[], within: string): string | undefined {
  const all = Object.entries(rules())
  const outer = within && all.find(([option]) => option === name)
  if (outer) return `It is an option of its own: put it beside ${within.slice(0, -1)}`
  const foreign = foreignName(name)
  if (foreign) return `Here that is ${foreign}`
  const [parent] = all.find(([option, { nested }]) => known.includes(option) && nested && Object.hasOwn(nested, name)) ?? []
  if (parent && !within) return `It is a part of ${parent}: pass ${parent}: { ${name}: … }`
  const near = nearest(name, known)
  return near && `Did you mean '${within}${near}'?`
}

function checkValues(options: object): void {
  for (const [name, value] of Object.entries(options)) if (value !== undefined) checkValue(name, value, rules()[name])
  if ('events' in options && isObject(options.events))
    for (const [type, decoder] of Object.entries(options.events))
      if (decoder !== undefined) checkValue(`events.${type}`, decoder, decoderRule())
}

function checkValue(name: string, value: unknown, rule: Kind | undefined): void {
  if (!rule) return
  const { holds, must, fix = '', names = [], fault, nested } = rule
  const wrong = fault?.(value)
  if (wrong) throw new TypeError(wrong)
  if (!holds(value)) {
    const near = typeof value === 'string' ? nearest(value, names) : undefined
    throw new TypeError(`${name} must be ${must}, not ${shown(value)}${near ? `. Did you mean '${near}'?` : fix}`)
  }
  if (!nested || !isObject(value)) return
  checkNames(value, Object.keys(nested), `${name}.`)
  for (const [part, given] of Object.entries(value))
    if (given !== undefined) checkValue(`${name}.${part}`, given, nested[part])
}

function shown(value: unknown): string {
  if (value === json) return 'json itself: call it: json()'
  if (value === text) return 'text itself: call it: text()'
  if (typeof value === 'string') return `'${value.slice(0, 80)}'`
  if (isClass(value)) return `the class ${value.name}`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? `an object${nameOf(value)}` : String(value)
}

/** What a class or the platform calls it. */
function nameOf(value: object): string {
  const name = Object.prototype.toString.call(value).slice(8, -1)
  return name === 'Object' ? '' : ` (${name})`
}
