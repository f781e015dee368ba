import type { Kind } from '../../src/options/option-rules.js'
import { isObject } from '../../src/options/record.js'
import { optionRules } from '../../src/options/option-rules.js'

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

/** One of each kind of value that a user may pass by mistake. */
export const VALUES: readonly [kind: string, value: unknown][] = [
  ['a text', 'false'],
  ['an empty text', ''],
  ['a number', 5],
  ['a negative number', -1],
  ['zero', 0],
  ['no number', Number.NaN],
  ['a boolean', true],
  ['false', false],
  ['null', null],
  ['a list', [5]],
  ['an empty list', []],
  ['an object', { a: {} }],
  ['an empty object', {}],
  ['what refers to itself', cyclic],
  ['a promise', Promise.resolve(5)],
  ['a Date', new Date(0)],
  ['a Map', new Map([['a', 'b']])],
  ['a function', () => 5],
  ['a symbol', Symbol('a')],
]

export interface Row {
  readonly name: string
  readonly place: string
  readonly kind: string
  readonly value: unknown
  /** Whether the rule lets the value be. */
  readonly fine: boolean
}

const rules: Record<string, Kind & { place: string }> = optionRules()

/** Each option there is, with each kind of value. */
export const ROWS: readonly Row[] = Object.entries(rules).flatMap(([name, { place, holds, fault, nested }]) =>
  VALUES.map(([kind, value]) => {
    // What is in these objects is nothing that an option has.
    const strange = (nested || name === 'events') && isObject(value) && Object.keys(value).length > 0
    return { name, place, kind, value, fine: holds(value) && !fault?.(value) && !strange }
  }),
)

/** The refusal of an option: typed, and by name. */
export function refusalOf(name: string): RegExp {
  return new RegExp(`^(TypeError|SSEError): .*${name === 'headers' ? 'header' : name}`)
}

/** What is thrown, in words; `'null'` for nothing. */
export function refusal(run: () => unknown): string {
  try {
    run()
    return 'null'
  } catch (error) {
    return String(error)
  }
}
