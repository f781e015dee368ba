import type { Answer } from 'eventwire/llm'
import type { Message } from '../model.ts'

/** How an answer ended; `broken`: its connection did, and the rest of it may still be had. */
export type Ending = 'done' | 'stopped' | 'broken' | 'refused'

/** A question and what has come of its answer. */
export interface Turn {
  /** The name of its run, which the server knows it by. */
  readonly run: string
  readonly question: string
  readonly answer: Answer
  /** `null` while it is being written. */
  readonly ending: Ending | null
  /** What went wrong, in words. */
  readonly problem: string
}

/** Where a conversation stands: in one record, so that no answer is ever ahead of its cursor. */
export interface Conversation {
  readonly turns: readonly Turn[]
  /** Of the newest event of the last answer. */
  readonly lastEventId: string
}

const KEY = 'eventwire-chat'
/** While an answer comes it is kept so often, in ms: a crash costs no more than asking for a second of it again. */
const EVERY_MS = 1_000

/** What the page knew before its reload. */
export function restored(): Conversation {
  try {
    // A seam: this page wrote it.
    const known = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Conversation | null
    if (known) return known
  } catch {
    // No storage, or something else under this name: the page begins with nothing.
  }
  return { turns: [], lastEventId: '' }
}

export interface Keeper {
  keep(conversation: Conversation): void
  /** Writes what waits. */
  flush(): void
}

/**
 * Keeps the newest state over a reload: at once when an answer begins or ends, else once a second. A page that goes ends
 * its answer: the request fails, and what there is of it is written.
 */
export function createKeeper(): Keeper {
  let waiting: Conversation | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let turns = 0

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    try {
      sessionStorage.setItem(KEY, JSON.stringify(waiting))
    } catch {
      // Full, or forbidden: the page works without it.
    }
    waiting = null
  }

  return {
    flush,
    keep(conversation) {
      waiting = conversation
      const newest = conversation.turns.at(-1)
      const urgent = newest?.ending !== null || conversation.turns.length !== turns
      turns = conversation.turns.length
      if (urgent) flush()
      else timer ??= setTimeout(flush, EVERY_MS)
    },
  }
}

/** What the model is asked: all that was said, and the question. An answer of which nothing came is left out. */
export function messagesOf(before: readonly Turn[], question: string): Message[] {
  const said = before.flatMap(({ question: content, answer: { text } }): Message[] =>
    text ? [{ role: 'user', content }, { role: 'assistant', content: text }] : [],
  )
  return [...said, { role: 'user', content: question }]
}
