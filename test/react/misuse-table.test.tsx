import { cleanup, render, renderHook } from '@testing-library/react'
import type {
  Selecting,
  SSEProviderProps,
  UseSSEEventOptions,
  UseSSEOptions,
  UseSSEReducerOptions,
  UseSSERequestOptions,
  UseSSEStatusOptions,
} from 'eventwire'
import { SSEProvider, useSSE, useSSEEvent, useSSEReducer, useSSERequest, useSSEStatus } from 'eventwire'
import { beforeEach, expect, it, vi } from 'vitest'
import { argumentRules, optionRules } from '../../src/options/option-rules.js'
import { refusal, refusalOf, ROWS, VALUES } from '../options/wrong-values.js'
import { reactHarness } from './setup.js'

type HookOptions = UseSSEOptions & Selecting & UseSSEEventOptions & UseSSEReducerOptions & UseSSERequestOptions<unknown>
/** The compiler holds the tables to the options of hooks and provider: a name without a rule is an error here. */
const RULED: readonly Record<string, unknown>[] = [
  optionRules() satisfies Record<keyof HookOptions | Exclude<keyof SSEProviderProps, 'client' | 'children'>, unknown>,
  argumentRules() satisfies Record<keyof UseSSEStatusOptions | 'client', unknown>,
]

// React says whatever is thrown in a render once more.
beforeEach(() => vi.spyOn(console, 'error').mockReturnValue())

// Seams: JavaScript does not see types.
const untyped = (given: unknown) => given as object
const nothing = () => {}

/** What an option makes no sense without. */
const needs = (name: string) => name === 'persistAs' && { persist: { key: 'a' } }

/** What a hook says that is rendered so: `'null'` where it says nothing. */
function said(use: () => unknown): string {
  const { wrapper } = reactHarness()
  const thrown = refusal(() => renderHook(use, { wrapper }))
  cleanup()
  return thrown
}

const HOOKS: Readonly<Record<string, (options: unknown) => unknown>> = {
  useSSE: (options) => useSSE('/events', untyped(options)),
  useSSEEvent: (options) => useSSEEvent('/events', 'load', nothing, untyped(options)),
  useSSEReducer: (options) => useSSEReducer('/events', (count: number) => count, 0, untyped(options)),
}

const NAMES = [...new Set(ROWS.map(({ name }) => name))]

it.each(Object.keys(HOOKS).flatMap((hook) => NAMES.map((name) => ({ hook, name }))))('$hook: $name of each kind is refused by name, or works', ({ hook, name }) => {
  const use = HOOKS[hook] ?? nothing
  for (const { value, fine, place, kind } of ROWS.filter((row) => row.name === name)) {
    const works = fine && (place === 'own' || place === 'shared' || place === hook)
    const answer = said(() => use({ [name]: value, ...needs(name) }))
    expect([kind, answer]).toEqual([kind, expect.stringMatching(works ? /^null$/ : refusalOf(name))])
  }
})

const NOT_OF_ONE_ANSWER = ['enabled', 'history', 'keepPreviousData', 'linger', 'persist', 'renew', 'pauseWhenHidden', 'lastEventId']

it.each(NAMES)('useSSERequest: %s of each kind is refused by name, or works', (name) => {
  const whole = { url: '/chat', initial: 0, reduce: () => 0 }
  for (const { value, fine, place, kind } of ROWS.filter((row) => row.name === name)) {
    const known = ['own', 'shared', 'createSSERequest', 'useSSERequest'].includes(place)
    const works = fine && known && !NOT_OF_ONE_ANSWER.includes(name) && !(name === 'live' && value === true)
    const answer = said(() => useSSERequest({ ...whole, [name]: value }))
    expect([kind, answer]).toEqual([kind, expect.stringMatching(works ? /^null$/ : refusalOf(name))])
  }
})

it('every option has a rule', () => {
  expect(NAMES).toEqual(Object.keys(RULED[0] ?? {}))
})

// A `key` is React's own.
it.each(NAMES.filter((name) => name !== 'key'))('SSEProvider: %s of each kind is refused by name, or works', (name) => {
  const { client } = reactHarness()
  const Reader = () => <p>{useSSE('/events').status}</p>
  for (const { value, fine, place, kind } of ROWS.filter((row) => row.name === name)) {
    const props = { client, [name]: value } as SSEProviderProps
    const show = () =>
      render(
        <SSEProvider {...props}>
          <Reader />
        </SSEProvider>,
      )
    const works = fine && (place === 'shared' || place === 'client')
    expect([kind, refusal(show)]).toEqual([kind, expect.stringMatching(works ? /^null$/ : refusalOf(name))])
    cleanup()
  }
})

it.each(VALUES)('%s in the place of a whole: options, a source, an event type, a listener, a reducer, a client', (kind, value) => {
  const any = value as never
  const isRecord = kind.includes('object') || kind.includes('itself')
  for (const use of Object.values(HOOKS))
    expect(said(() => use(value))).toMatch(kind === 'an empty object' ? /^null$/ : isRecord ? /Unknown option/ : /Options must be an object, not /)
  const works = value === null || value === false || kind.includes('text')
  const source = works ? /^null$/ : /^TypeError: (A source must be a URL|The source has no url)/
  expect(said(() => useSSE(any))).toMatch(source)
  expect(said(() => useSSEEvent(any, 'load', nothing))).toMatch(source)
  expect(said(() => useSSEReducer(any, () => 0, 0))).toMatch(source)
  const isFunction = kind === 'a function'
  expect(said(() => useSSEEvent('/events', 'load', any))).toMatch(isFunction ? /^null$/ : /listener must be a function, not/)
  expect(said(() => useSSEReducer('/events', any, 0))).toMatch(isFunction ? /^null$/ : /reduce must be a function, not/)
  expect(said(() => useSSEEvent('/events', any, nothing))).toMatch(
    kind.includes('text') || kind === 'an empty list' ? /^null$/ : /type must be an event type or a list of them/,
  )
  expect(said(() => useSSEStatus(null, { graceMs: any }))).toMatch(
    typeof value === 'number' && value >= 0 ? /^null$/ : value === null ? /^null$/ : /graceMs must be 0 or more ms/,
  )
  expect(() => render(<SSEProvider client={any}>{null}</SSEProvider>)).toThrow('client must be a client')
  cleanup()
})
