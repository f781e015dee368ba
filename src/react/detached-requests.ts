import type { OwnedRequest, SSEClient } from 'eventwire/core'

/** Requests that outlive their components, by word. */
export interface DetachedRequests {
  /** The one of a word, else a new one; which is kept no longer than someone shows it, or it has something to show. */
  get<V>(word: string, create: () => OwnedRequest<V>): OwnedRequest<V>
  /** One that was given is shown. */
  keep<V>(word: string, request: OwnedRequest<V>): void
  /** Nobody shows it any more. */
  drop<V>(word: string, request: OwnedRequest<V>): void
}

const byClient = new WeakMap<SSEClient, DetachedRequests>()

export function detachedRequests(client: SSEClient): DetachedRequests {
  const known = byClient.get(client) ?? createDetachedRequests()
  byClient.set(client, known)
  return known
}

function createDetachedRequests(): DetachedRequests {
  const kept = new Map<string, OwnedRequest<unknown>>()
  /** Given in a render that may never be shown: the last one only, or words without end would be remembered. */
  let given: { readonly word: string; readonly request: OwnedRequest<unknown> } | null = null

  return {
    get<V>(word: string, create: () => OwnedRequest<V>) {
      // Seams: who uses one word for two kinds of request is told so by its types, where they share them.
      const known = (kept.get(word) ?? (given?.word === word ? given.request : undefined)) as OwnedRequest<V> | undefined
      const request = known ?? create()
      if (!known) given = { word, request: request as OwnedRequest<unknown> }
      return request
    },
    keep<V>(word: string, request: OwnedRequest<V>) {
      // Of two that were made before either was shown, the first is the word's.
      if (!kept.has(word)) kept.set(word, request as OwnedRequest<unknown>)
    },
    drop<V>(word: string, request: OwnedRequest<V>) {
      if (kept.get(word) === (request as OwnedRequest<unknown>)) kept.delete(word)
    },
  }
}
