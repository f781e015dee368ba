import type { IdentityOptions } from './identity.js'
import type { Kind, Rule } from './option-rules.js'
import type { ReaderOptions } from './reader-options.js'
import type { StreamOptions } from './stream-options.js'
import { json, text } from './decoder.js'
import { decoderRule, isObject, optionRules } from './option-rules.js'
import { nearest } from './spelling.js'

type Options = Partial<IdentityOptions> & StreamOptions & ReaderOptions

let made: Readonly<Record<string, Rule>> | null = null

function rules(): Readonly<Record<string, Rule>> {
  return (made ??= optionRules())
}

/** Who may say what: clients and providers, and sources and hooks. */
const BY_DEFAULTS: readonly Rule['place'][] = ['shared', 'client']
const BY_OWN: readonly Rule['place'][] = ['own', 'shared', 'hook']

function namesFor(places: readonly Rule['place'][]): string[] {
  return Object.entries(rules()).flatMap(([name, { place }]) => (places.includes(place) ? name : []))
}

/**
 * @param options - what a client is made with
 * @throws TypeError when they can't mean what they say
 */
export function checkDefaults(options: object): void {
  checkNames(options, namesFor(BY_DEFAULTS))
  checkValues(options)
}

/**
 * @param source - what `defineSSE` is given
 * @throws TypeError when it can't mean what it says
 */
export function checkDefinition(source: object): void {
  checkNames(source, namesFor(BY_OWN))
  checkValues(source)
}

/**
 * Each place by itself, before they are merged.
 *
 * @param own - what the source and the hook said themselves
 * @param all - the same, and what lies below
 * @throws TypeError when options can't mean what they say
 */
export function checkLayers(own: readonly { options: Options }[], all: readonly { options: Options }[]): void {
  checkSource(own.map(({ options }) => options))
  for (const { options } of own) checkNames(options, namesFor(BY_OWN))
  for (const { options } of all) {
    checkNames(options, Object.keys(rules()))
    checkValues(options)
  }
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
  const { method, body, transport } = options
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
  if (refused) throw new TypeError(`The ${transport?.name} transport can't do ${refused}: use fetchTransport()`)
}

function checkSource(own: readonly unknown[]): void {
  const [source, options] = own
  if (!isObject(source))
    throw new TypeError(
      `A source must be a URL, an object with a url or a definition, not ${shown(source)}` +
        (typeof source === 'function' ? ': pass { url: () => … }' : ''),
    )
  if (options !== undefined && !isObject(options)) throw new TypeError(`Options must be an object, not ${shown(options)}`)
  // `url: null` says "not now"; where there is none it was forgotten.
  if (!own.some((layer) => isObject(layer) && 'url' in layer))
    throw new TypeError("The source has no url: pass { url: '/events', … }, or null for not now")
  if ('select' in source || 'isEqual' in source)
    throw new TypeError("select and isEqual belong in the hook's second argument")
}

function checkNames(options: object, known: readonly string[], within = ''): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new TypeError(`Unknown option '${within}${name}'.${near ? ` Did you mean '${within}${near}'?` : ''}`)
  }
}

function checkValues(options: object): void {
  for (const [name, value] of Object.entries(options)) checkValue(name, value, rules()[name])
  if ('events' in options && isObject(options.events))
    for (const [type, decoder] of Object.entries(options.events)) checkValue(`events.${type}`, decoder, decoderRule())
}

function checkValue(name: string, value: unknown, rule: Kind | undefined): void {
  if (!rule || value === undefined) return
  const { holds, must, fix = '', names = [], fault, nested } = rule
  const wrong = fault?.(value)
  if (wrong) throw new TypeError(wrong)
  if (!holds(value)) {
    const near = typeof value === 'string' ? nearest(value, names) : undefined
    throw new TypeError(`${name} must be ${must}, not ${shown(value)}${near ? `. Did you mean '${near}'?` : fix}`)
  }
  if (!nested || !isObject(value)) return
  checkNames(value, Object.keys(nested), `${name}.`)
  for (const [part, given] of Object.entries(value)) checkValue(`${name}.${part}`, given, nested[part])
}

function shown(value: unknown): string {
  if (value === json) return 'json itself: call it: json()'
  if (value === text) return 'text itself: call it: text()'
  if (typeof value === 'string') return `'${value.slice(0, 80)}'`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise'
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : String(value)
}
