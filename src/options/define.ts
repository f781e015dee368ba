import type { EventMap } from './reader-options.js'
import type { SSEDefinition } from './source.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { checkDefinition } from './check-options.js'
import { uniqueName } from './unique-name.js'

/** Who owns what a definition says, functions included: the definition itself, wherever it is used. */
const owners = new WeakMap<object, string>()

/**
 * Describes a stream and its event types once. Hooks take the definition as their source, and all
 * that use it share one connection, functions for `headers` or `url` included.
 *
 * @throws TypeError when `url` or `events` is missing
 *
 * @example
 * ```tsx
 * import { defineSSE, json, text, useSSE } from 'eventwire'
 *
 * export const ops = defineSSE({
 *   url: '/events',
 *   events: { alert: json<{ title: string }>(), log: text() },
 * })
 *
 * export const Newest = () => <p>{useSSE(ops, { select: (s) => s.latest.alert?.data.title })}</p>
 * ```
 */
export function defineSSE<const M extends EventMap>(definition: SSEDefinition<M>): SSEDefinition<M> {
  if (!definition?.url || !definition.events) throw new TypeError('defineSSE needs { url, events }')
  if (MODE_KNOWN && process.env.NODE_ENV !== 'production') checkDefinition(definition)
  const frozen = Object.freeze({ ...definition })
  owners.set(frozen, uniqueName('d'))
  return frozen
}

/** The name of a definition; `undefined` for any other source. */
export function definitionOwner(source: object): string | undefined {
  return owners.get(source)
}
