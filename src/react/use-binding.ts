import type { Binding, SourceOptions, SSESource } from 'eventwire/core'
import { useInsertionEffect, useMemo } from 'react'
import { useSSEContext } from './provider.js'

interface BindingPlace {
  readonly binding: Binding
  readonly key: string
  readonly keepPreviousData: boolean
}

/**
 * What every hook stands on: a place at the client, and the key of what it reads now (`''` for nothing).
 * The key is a string, so that inline options cost nothing: only a key that differs subscribes anew.
 */
export function useBinding(source: SSESource, options: Partial<SourceOptions> | undefined): BindingPlace {
  const { client, layers } = useSSEContext()
  const binding = useMemo(() => client.bind(), [client])
  const settings = binding.settle(layers, source, options)
  // Insertion effects run before every other: whoever is called after this commit is the newest closure.
  useInsertionEffect(() => binding.update(settings))
  return { binding, key: settings?.readKey ?? '', keepPreviousData: settings?.keepPreviousData ?? false }
}
