import type { Binding, SourceOptions, SSESource } from 'eventwire/core'
import { useInsertionEffect, useState } from 'react'
import { useSSEContext } from './provider.js'

interface BindingPlace {
  readonly binding: Binding
  readonly key: string
  /** `undefined` while there is no source to say. */
  readonly keepPreviousData: boolean | undefined
}

/**
 * What every hook stands on: a place at the client, and the key of what it reads now (`''` for nothing).
 * The key is a string, so that inline options cost nothing: only a key that differs subscribes anew.
 */
export function useBinding(source: SSESource, options: Partial<SourceOptions> | undefined): BindingPlace {
  const { client, layers } = useSSEContext()
  // State and no memo: Fast Refresh makes memos anew, and a private stream belongs to its binding.
  const [kept, keep] = useState(() => ({ client, binding: client.bind() }))
  let { binding } = kept
  if (kept.client !== client) {
    binding = client.bind()
    keep({ client, binding })
  }
  const settings = binding.settle(layers, source, options)
  // Insertion effects run before every other: whoever is called after this commit is the newest closure.
  useInsertionEffect(() => binding.update(settings))
  return { binding, key: settings?.readKey ?? '', keepPreviousData: settings ? settings.keepPreviousData === true : undefined }
}
