// What page and server share: the state first, then what changes in it; and how it is folded, at both ends alike.
import { defineSSE, json } from 'eventwire/core'

/** What a dashboard shows: a number by name. */
export type Board = Readonly<Record<string, number>>

/** A name's new number; `null` takes it off. */
export interface Change {
  readonly name: string
  readonly value: number | null
}

export const board = defineSSE({ url: '/board', events: { state: json<Board>(), change: json<Change>() } })

export type BoardEvent = { readonly type: 'state'; readonly data: Board } | { readonly type: 'change'; readonly data: Change }

export const EMPTY: Board = {}

/** `state` is all there is, whatever was known; a change needs the state before it. */
export function fold(before: Board, { type, data }: BoardEvent): Board {
  if (type === 'state') return data
  if (data.value !== null) return { ...before, [data.name]: data.value }
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== data.name))
}
