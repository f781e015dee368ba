import type { Settings } from '../options/settings.js'
import { boundOf } from '../options/number.js'
import { uniqueName } from '../options/unique-name.js'

/** What a key stands for. In memory only: it holds header values. */
export interface ReadTarget {
  readonly streamKey: string
  readonly viewKey: string
  /** Stream and view in one. */
  readonly source: string
  readonly history: number
  /** Whether errors of single events show. */
  readonly withInvalid: boolean
}

/** Names what a reader reads with a word that tells nothing of it: hooks keep the word where devtools show it. */
export interface OpaqueKeys {
  key(settings: Settings): string
  target(key: string): ReadTarget
}

/** A reader goes back and forth between few. Past it the one not asked for longest gets a new key, and is read anew. */
const REMEMBERED = 64

const NOTHING: ReadTarget = { streamKey: '', viewKey: '', source: '', history: 0, withInvalid: true }

export function createOpaqueKeys(): OpaqueKeys {
  const keys = new Map<string, string>()
  const targets = new Map<string, ReadTarget>()
  return {
    key({ streamKey, viewKey, history, onInvalid }) {
      const withInvalid = onInvalid !== 'drop'
      // JSON has no line ends of its own, so they can part what keys are made of.
      const source = `${streamKey}\n${viewKey}`
      const target = { streamKey, viewKey, source, history: boundOf(history), withInvalid }
      const text = [source, target.history, withInvalid].join('\n')
      const key = keys.get(text) ?? uniqueName('k')
      // Again at the end: the first is the one not asked for longest.
      keys.delete(text)
      keys.set(text, key)
      targets.set(key, target)
      const [[oldest, gone] = [text, key]] = keys
      if (keys.size > REMEMBERED) {
        keys.delete(oldest)
        targets.delete(gone)
      }
      return key
    },
    target: (key) => targets.get(key) ?? NOTHING,
  }
}
