import type { DefaultOptions, Layer } from 'eventwire/core'

type Defaults = DefaultOptions & { onUncaught?: ((error: unknown) => void) | undefined }

/** The defaults of one provider: what is inline in them may change with every render and nobody notices. */
export interface Scope {
  /** What the defaults amount to, functions aside. Another key is another layer. */
  keyOf(defaults: Defaults): string
  /** Takes the newest defaults, for their functions. */
  update(defaults: Defaults): void
  /** The newest defaults with functions that call the newest ones. */
  layer(defaults: Defaults): Layer
}

let serial = 0

export function createScope(first: Defaults): Scope {
  const owner = `p${++serial}`
  let newest = first

  /** Stands for a function of the newest defaults, whatever it is by then. */
  const forward =
    (name: keyof Defaults) =>
    (...facts: unknown[]): unknown => {
      // A seam: the arguments go through as they come.
      const now = newest[name] as ((...facts: unknown[]) => unknown) | undefined
      return typeof now === 'function' ? now(...facts) : now
    }

  return {
    keyOf: (defaults) =>
      JSON.stringify(defaults, (_, value: unknown) =>
        typeof value === 'function' ? 'ƒ' : value instanceof Headers ? [...value] : value,
      ),
    update(defaults) {
      newest = defaults
    },
    layer(defaults) {
      const options: Record<string, unknown> = { ...defaults }
      for (const [name, value] of Object.entries(defaults))
        // A seam: `name` is one of the keys that it was just listed under.
        if (typeof value === 'function') options[name] = forward(name as keyof Defaults)
      const { transport } = defaults
      if (transport)
        options['transport'] = {
          ...transport,
          open: (...request: Parameters<typeof transport.open>) => (newest.transport ?? transport).open(...request),
        }
      return { owner, options }
    },
  }
}
