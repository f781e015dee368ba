import type { Decoder, DefaultOptions, Layer, StandardSchema } from 'eventwire/core'
import { json, text } from 'eventwire/core'

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
    keyOf({ transport, decode, ...rest }) {
      // As identities compare them: what else an instance or a schema holds may be anything, circular too.
      const comparable = { ...rest, transport: transport && [transport.name, transport.options], decode: isSchema(decode) ? 'schema' : decode }
      return JSON.stringify(comparable, (_, value: unknown) =>
        typeof value === 'function' ? 'ƒ' : value instanceof Headers ? [...value] : value,
      )
    },
    update(defaults) {
      newest = defaults
    },
    layer(defaults) {
      const options: Record<string, unknown> = { ...defaults }
      for (const [name, value] of Object.entries(defaults))
        // A seam: `name` is one of the keys that it was just listed under.
        // `decode={json}`, uncalled, is a mistake that is to show.
        if (typeof value === 'function' && value !== json && value !== text) options[name] = forward(name as keyof Defaults)
      const { transport, decode } = defaults
      // A schema may be a function (arktype's are), and is none to call.
      if (isSchema(decode))
        options['decode'] = {
          get '~standard'() {
            return (isSchema(newest.decode) ? newest.decode : decode)['~standard']
          },
        }
      // Named, not spread: an instance of a class keeps what it can in its prototype.
      if (transport)
        options['transport'] = {
          name: transport.name,
          can: transport.can,
          options: transport.options,
          open: (...request: Parameters<typeof transport.open>) => (newest.transport ?? transport).open(...request),
        }
      return { owner, options }
    },
  }
}

function isSchema(decoder: Decoder | undefined): decoder is StandardSchema {
  return decoder != null && typeof decoder !== 'string' && '~standard' in decoder
}
