import type { WireEvent } from '../../protocol/format-event.js'
import type { Drip } from './outflow.js'

/** One thing that the server does. */
export type Step =
  | { readonly send: WireEvent }
  | { readonly comment: string }
  /** In ms. */
  | { readonly wait: number }
  | { readonly repeat: number; readonly steps: readonly Step[] }
  | { readonly end: true }
  | { readonly cut: true }
  | { readonly stall: true }
  | { readonly drip: Partial<Drip> }
  | { readonly burst: { readonly times: number; readonly status?: number } }
  | { readonly refuse: true }
  | { readonly heal: true }

/** What `eventwire-mock-server --script` reads. */
export interface Scenario {
  /** The path to serve. Default `'/events'`. */
  readonly url: string
  /** How many events to keep for who comes back. Default 100. */
  readonly replay: number
  /** Whether to begin again after the last step. Default `false`. */
  readonly loop: boolean
  readonly steps: readonly Step[]
}

/** What a server without a script does: an event a second. */
export const DEFAULT_SCENARIO: Scenario = {
  url: '/events',
  replay: 100,
  loop: true,
  steps: [{ send: { data: { n: '{{n}}', time: '{{now}}', value: '{{random 0 100}}' } } }, { wait: 1_000 }],
}

type Check = (value: unknown, at: string) => void
type Fields = Readonly<Record<string, Check>>

const whole =
  (least: number): Check =>
  (value, at) => {
    if (!Number.isSafeInteger(value) || Number(value) < least) fail(at, `must be a whole number, ${least} or more`, value)
  }
const text: Check = (value, at) => {
  if (typeof value !== 'string') fail(at, 'must be a string', value)
}
const line: Check = (value, at) => {
  text(value, at)
  if (/[\r\n\0]/.test(String(value))) fail(at, 'must be one line', value)
}
const yes: Check = (value, at) => {
  if (value !== true) fail(at, 'must be true', value)
}
const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') fail(at, 'must be true or false', value)
}
const status: Check = (value, at) => {
  whole(400)(value, at)
  if (Number(value) > 599) fail(at, 'must be a status from 400 to 599', value)
}
const object =
  (fields: Fields, ...required: readonly string[]): Check =>
  (value, at) => {
    const given = record(value, at)
    for (const name of required) if (given[name] === undefined) fail(at, `needs ${name}`)
    for (const [name, one] of Object.entries(given)) checkField(fields, name, one, at)
  }

/** What each kind of step takes. */
const STEPS: Fields = {
  send: (value, at) => {
    object({ type: line, id: line, data: () => {}, retry: whole(0) })(value, at)
    if (Object.keys(record(value, at)).length === 0) fail(at, 'needs data, id or retry')
  },
  comment: line,
  wait: whole(0),
  repeat: whole(1),
  end: yes,
  cut: yes,
  stall: yes,
  drip: object({ bytes: whole(1), everyMs: whole(1) }),
  burst: object({ times: whole(1), status }, 'times'),
  refuse: yes,
  heal: yes,
}

const SCENARIO: Fields = {
  url: (value, at) => {
    line(value, at)
    if (!String(value).startsWith('/')) fail(at, "must be a path, as '/events' is", value)
  },
  replay: whole(0),
  loop: flag,
  steps: checkSteps,
}

/**
 * Reads a scenario.
 *
 * @throws TypeError that says where something is wrong, and what it must be
 */
export function parseScenario(json: string): Scenario {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new TypeError(`The scenario is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  object(SCENARIO, 'steps')(value, 'the scenario')
  // A seam: every field was just checked.
  const scenario = { ...DEFAULT_SCENARIO, loop: false, ...(value as Partial<Scenario>) }
  if (scenario.loop && !waits(scenario.steps)) fail('the scenario', 'has a loop without a wait, which would never rest')
  return scenario
}

function checkSteps(value: unknown, at: string): void {
  if (!Array.isArray(value) || value.length === 0) fail(at, 'must be a list of steps', value)
  // A seam: `isArray` says any.
  for (const [index, step] of (value as unknown[]).entries()) checkStep(step, `${at}[${index}]`)
}

function checkStep(step: unknown, at: string): void {
  const { steps, ...rest } = record(step, at)
  const [kind, ...more] = Object.keys(rest)
  if (kind === undefined || more.length > 0) fail(at, `must have one of ${Object.keys(STEPS).join(', ')}`, step)
  else checkField(STEPS, kind, rest[kind], at)
  if (kind === 'repeat') checkSteps(steps, `${at}.steps`)
  else if (steps !== undefined) fail(at, 'has steps without repeat')
}

function checkField(fields: Fields, name: string, value: unknown, at: string): void {
  const check = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (check) check(value, at === 'the scenario' ? name : `${at}.${name}`)
  else fail(at, `has '${name}', which is none of ${Object.keys(fields).join(', ')}`)
}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(at, 'must be an object', value)
  // A seam: an object has what it has.
  return value as Readonly<Record<string, unknown>>
}

function waits(steps: readonly Step[]): boolean {
  return steps.some((step) => ('wait' in step ? step.wait > 0 : 'steps' in step && waits(step.steps)))
}

function fail(at: string, what: string, value?: unknown): never {
  throw new TypeError(`${at} ${what}${value === undefined ? '' : `, not ${JSON.stringify(value)}`}`)
}
