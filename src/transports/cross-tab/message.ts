import type { SSEErrorCode } from '../../protocol/errors.js'
import { SSEError } from 'eventwire/core'

/** An event; one without a type is a block that only moved the cursor. */
export type Entry = readonly [type: string | null, data: string, lastEventId: string]

/** An event with its number in the owner's numbering. */
export interface Numbered {
  readonly seq: number
  readonly entry: Entry
}

/** An error as it crosses to another tab: without what the server sent, which may be secret. */
export interface ToldError {
  readonly code: SSEErrorCode
  readonly message: string
  readonly status: number | undefined
  readonly retryable: boolean
}

/** How the connection of the owner stands. `asked`: when it asked the server last, in epoch ms. */
export type OwnerState = { readonly asked: number } & (
  | { readonly is: 'connecting' }
  | {
      readonly is: 'open'
      readonly status: number | undefined
      /** The request carried the cursor. */
      readonly resumed: boolean
      /** The server said that it goes on right after it. */
      readonly vouched: boolean
    }
  | {
      readonly is: 'waiting'
      readonly retryAt: number | undefined
      readonly error: ToldError | null
      readonly attempt: number | undefined
      readonly planned: boolean
    }
)

/** Where a tab stands in the shared stream: so many events into a numbering, and the last event ID there. */
export interface Place {
  /** A numbering that one owner began, and those after it go on with. */
  readonly lineage: string
  readonly seq: number
  readonly lastId: string
}

/** What tabs say to each other. None of it holds a header or a body. */
export type Message = { readonly from: string } & (
  | (Place & { readonly is: 'hello'; readonly question: number; readonly types: readonly string[] })
  | { readonly is: 'types'; readonly types: readonly string[] }
  | { readonly is: 'ping' }
  /** For an election, where there are no locks. */
  | { readonly is: 'claim' }
  /** Somebody logged out. */
  | { readonly is: 'forget' }
  | OwnerMessage
)

/** What only the owner says. Epochs fence it: of two owners the one with the higher counts. */
export type OwnerMessage = { readonly epoch: number } & (
  | (Place & { readonly is: 'lead' })
  | (Place & {
      readonly is: 'welcome'
      readonly to: string
      /** The hello that it answers: an older one was of another place. */
      readonly question: number
      /** The last of them is the one at `seq`. */
      readonly batch: readonly Entry[]
      /** They begin right after the place that was said; for who has none they are the newest; or some are missing. */
      readonly how: 'exact' | 'fresh' | 'gap'
      readonly state: OwnerState
    })
  | {
      readonly is: 'events'
      /** The number of the first. */
      readonly first: number
      readonly batch: readonly Entry[]
      readonly bytes: number
      readonly commented: boolean
      readonly retry: number | undefined
    }
  | { readonly is: 'state'; readonly state: OwnerState }
  /** It is over for all: the server ended it, or refused it. */
  | { readonly is: 'over'; readonly final: boolean; readonly error: ToldError | null }
  | { readonly is: 'pong' }
  /** The owner goes. */
  | { readonly is: 'bye' }
)

export function tellError(error: SSEError | null | undefined): ToldError | null {
  return error ? { code: error.code, message: error.message, status: error.status, retryable: error.retryable } : null
}

export function errorOf({ code, message, status, retryable }: ToldError): SSEError {
  return new SSEError(code, message, { status, retryable })
}
