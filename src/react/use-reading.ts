import type { AskedSource, Asker, Keep, Missed, ReaderSlot, SlotListener, SourceOptions, SSESource } from 'eventwire/core'
import { useEffect, useInsertionEffect, useReducer, useState } from 'react'
import { useSSEContext } from './provider.js'

interface Reading {
  readonly slot: ReaderSlot
  /** What is read now; `''` for nothing. */
  readonly key: string
  readonly asked: AskedSource | null
  /** Renders once more, and asks again. */
  readonly again: () => void
  /** Another number after each of those. */
  readonly asks: number
}

/**
 * What every hook stands on: a slot at the client, and the key of what it reads now.
 * The key is a string, so that inline options cost nothing: only a key that differs subscribes anew.
 *
 * @param asker - the hook, where it takes options that others do not
 * @param hear - the hook's own listener: the `onMessage` of the options is called beside it
 * @param missed - hears of gaps and resets
 * @param keep - the state that is kept under the name `persistAs` of the options
 */
export function useReading(
  source: SSESource,
  options: Partial<SourceOptions> | undefined,
  asker?: Asker,
  hear?: SlotListener,
  missed?: (why: Missed) => void,
  keep?: Keep,
): Reading {
  const { client, layers } = useSSEContext()
  const [asks, again] = useReducer((renders: number) => renders + 1, 0)
  // State and no memo: Fast Refresh makes memos anew, and a private stream belongs to its slot.
  const [held, hold] = useState(() => ({ client, slot: client.bind(again) }))
  let { slot } = held
  if (held.client !== client) {
    slot = client.bind(again)
    hold({ client, slot })
  }
  // `asks`: what a slot knows may have changed while all else is the same, which the React Compiler can't see.
  const asked = slot.ask(layers, source, options, asker, asks)
  // Insertion effects run before every other: whoever is called after this commit is the newest closure.
  useInsertionEffect(() => slot.update(asked, hear, missed, keep))
  // Before the effects that read: what those publish is not why this render came.
  useEffect(() => slot.committed(asked))
  return { slot, key: asked?.key ?? '', asked, again, asks }
}
