import type { Clock, DefaultOptions, Layer, Page, SSEClient } from 'eventwire/core'
import type { ReactNode } from 'react'
import { checkArguments, checkDefaults, createSSEClient } from 'eventwire/core'
import { createContext, useContext, useInsertionEffect, useMemo, useState } from 'react'
import { createScope } from './scope.js'

/** The client that hooks use, and the defaults that lie over its own. */
export interface SSEContextValue {
  readonly client: SSEClient
  readonly layers: readonly Layer[]
}

const SSEContext = createContext<SSEContextValue | null>(null)

let shared: SSEContextValue | undefined

/** The nearest provider's value; without a provider one client serves the whole program. */
export function useSSEContext(): SSEContextValue {
  const context = useContext(SSEContext)
  return context ?? sharedContext()
}

function sharedContext(): SSEContextValue {
  return (shared ??= { client: createSSEClient(), layers: [] })
}

/** Props of {@link SSEProvider}: defaults for the streams below. */
export interface SSEProviderProps extends DefaultOptions {
  /** The client whose connections the tree shares. Default: the outer provider's, else one for the program. */
  client?: SSEClient | undefined
  /** Time for the streams below; with it, and without `client`, the provider has a client of its own. Default: the client's. */
  clock?: Clock | undefined
  /** The page that the streams below live in; as `clock`. Default: the client's. */
  page?: Page | undefined
  /** Gets what callbacks of hooks below throw. Default: the client's. */
  onUncaught?: ((error: unknown) => void) | undefined
  /** The tree that the defaults are for. Default: nothing. */
  children?: ReactNode
}

/**
 * Sets defaults for the hooks below. Inline functions and objects are free: only a default that
 * differs in structure reconnects the streams it concerns. It closes nothing when it unmounts.
 *
 * @example
 * ```tsx
 * import { SSEProvider } from 'eventwire'
 * import type { ReactNode } from 'react'
 *
 * export function Streams({ token, children }: { token: () => string; children: ReactNode }) {
 *   return (
 *     <SSEProvider baseUrl="https://api.example.com" headers={() => ({ Authorization: `Bearer ${token()}` })}>
 *       {children}
 *     </SSEProvider>
 *   )
 * }
 * ```
 * @see examples/recipes/logout.tsx: login and logout
 */
export function SSEProvider({ client: given, clock, page, children, ...defaults }: SSEProviderProps): ReactNode {
  checkArguments({ client: given })
  checkDefaults({ clock, page, ...defaults })
  const outer = useSSEContext()
  const own = useMemo(() => (clock || page ? createSSEClient({ clock, page }) : null), [clock, page])
  const client = given ?? own ?? outer.client
  outer.client.adopt?.(client)
  const [scope] = useState(() => createScope(defaults))
  useInsertionEffect(() => scope.update(defaults))
  // The layer changes when the defaults differ in structure, functions aside.
  const key = scope.keyOf(defaults)
  const [kept, keep] = useState(() => ({ key, layer: scope.layer(defaults) }))
  if (kept.key !== key) keep({ key, layer: scope.layer(defaults) })
  const { layer } = kept
  const value = useMemo(
    // Defaults around another client are not meant for this one.
    () => ({ client, layers: client === outer.client ? [...outer.layers, layer] : [layer] }),
    [client, outer, layer],
  )
  return <SSEContext.Provider value={value}>{children}</SSEContext.Provider>
}
