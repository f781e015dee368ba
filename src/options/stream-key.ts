import type { Merged, Settings } from './settings.js'
import { sharedName } from './decoder.js'
import { comparable } from './identity.js'

/** The names of what an identity is made of, in the order in which it is written. */
const PARTS = ['key', 'baseUrl', 'method', 'credentials', 'redirect', 'headers', 'headers', 'url', 'body', 'transport']
const HEADER_FUNCTIONS = 6

/** What makes two streams the same stream, written so that it can be compared. */
export function identityOf(
  { options, owners, fixedHeaders, askers }: Merged,
  method: string,
  owner: string,
): Pick<Settings, 'streamKey' | 'references'> {
  const { url, body, key, credentials, redirect, transport, baseUrl } = options
  const references: object[] = []
  const write = (name: string, value: unknown) =>
    comparable(value, key ?? owners[name] ?? owner, (part) => references.push(part))
  // Without functions, what is left out is not there.
  const said = Object.keys(fixedHeaders).filter((name) => fixedHeaders[name] !== null || askers.length > 0)
  const streamKey = JSON.stringify([
    key,
    baseUrl,
    method,
    credentials ?? 'same-origin',
    redirect ?? 'follow',
    JSON.stringify(fixedHeaders, said.sort()),
    key == null ? askers : askers.length,
    write('url', url),
    write('body', body),
    write('transport', [transport.name, transport.options]),
  ])
  return { streamKey, references }
}

/**
 * An identity for transports: without the names that stand for functions, and whether there were any, or any part that
 * compares by reference: their names mean nothing in another program.
 */
export function identityText({ streamKey, references }: Pick<Settings, 'streamKey' | 'references'>): { text: string; whole: boolean } {
  // A seam: identities are arrays, written above. The owners of functions for headers are told by a `key` that stands in.
  const parts = JSON.parse(streamKey) as unknown[]
  const askers = parts[HEADER_FUNCTIONS]
  const named = parts[0] !== null
  parts[HEADER_FUNCTIONS] = Array.isArray(askers) ? askers.length : askers
  const text = JSON.stringify(parts).replace(/ƒ[a-z]\d+/g, 'ƒ')
  return { text, whole: named || (parts[HEADER_FUNCTIONS] === 0 && !text.includes('ƒ') && references.length === 0) }
}

/** The option in which two identities differ first; `null` when they are the same. */
export function differingOption(a: string, b: string): string | null {
  // A seam: identities are arrays, written above.
  const [one, other] = [JSON.parse(a) as unknown[], JSON.parse(b) as unknown[]]
  const index = one.findIndex((part, place) => JSON.stringify(part) !== JSON.stringify(other[place]))
  return PARTS[index] ?? null
}

/** Names a set of decoders: readers that decode alike share the work. */
export function viewOf({ options: { until, events, decode }, owners }: Merged, owner: string): string {
  // One that ends by itself has a view of its own; so has one whose decoders can't be compared.
  if (until) return owner
  if (events) return owners['events'] ?? owner
  // Where nobody named a decoder, events without data are a sign and no value.
  if (decode === undefined) return 'default'
  return sharedName(decode) ?? owners['decode'] ?? owner
}
