import type { Layer, Merged, MergedOptions, Settings } from './settings.js'
import type { Asker } from './option-rules.js'
import type { SourceOptions, SSESource } from './source.js'
import { MODE_KNOWN } from '../protocol/development.js'
import { checkLayers, checkOptions } from './check-options.js'
import { definitionOwner } from './define.js'
import { headersByName } from './identity.js'
import { identityOf, viewOf } from './stream-key.js'

/**
 * Merges what clients and providers, a source and a hook's own options say.
 *
 * @param defaults - the layers above, outermost first
 * @param owner - the hook or subscription that asks
 * @param asker - what it is, where it takes options that others do not
 * @returns `null` when there is nothing to connect to now
 * @throws TypeError on misuse, with what to do instead
 */
export function resolveSettings(
  defaults: readonly Layer[],
  source: SSESource,
  options: Partial<SourceOptions> | undefined,
  owner: string,
  asker?: Asker,
): Settings | null {
  // What is misused is misused from the first run on; transports refuse by themselves, in production too.
  if (MODE_KNOWN && process.env.NODE_ENV !== 'production') checkLayers(defaults, source, options, asker)
  if (!source) return null
  const described = typeof source === 'string' || source instanceof URL ? { url: source } : source
  const own: Layer[] = [{ options: described, owner: definitionOwner(described) ?? owner }]
  if (options) own.push({ options, owner })
  const layers = [...defaults, ...own]
  const merged = merge(layers)
  const { options: all, askers, fixedHeaders } = merged
  if (MODE_KNOWN && process.env.NODE_ENV !== 'production')
    checkOptions(
      all,
      own.map((layer) => layer.options),
      askers.length > 0 || Object.values(fixedHeaders).some((value) => value !== null),
    )
  const { url, body } = all
  if (all.enabled === false || !url) return null

  // A stream can be sent once.
  const once = typeof ReadableStream === 'function' && (body as unknown) instanceof ReadableStream
  const method = all.method?.toUpperCase() ?? (body == null ? 'GET' : 'POST')
  return {
    ...all,
    redirect: all.redirect,
    method,
    canAsk: !once && (typeof url === 'function' || typeof body === 'function' || askers.length > 0),
    headers: layers.map((layer) => layer.options.headers).filter((headers) => headers != null),
    ...identityOf(merged, method, owner),
    viewKey: viewOf(merged, owner),
  }
}

function merge(layers: readonly Layer[]): Merged {
  const options: Record<string, unknown> = {}
  const owners: Record<string, string> = {}
  const fixedHeaders: Record<string, string | null> = {}
  const askers: string[] = []
  for (const { options: given, owner } of layers) {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue
      options[name] = value
      owners[name] = owner
    }
    if (typeof given.headers === 'function') askers.push(owner)
    else if (given.headers) Object.assign(fixedHeaders, headersByName(given.headers))
  }
  // A seam: the object was built from these very types, a name at a time.
  return { options: options as unknown as MergedOptions, owners, fixedHeaders, askers }
}
