/** How a scripted server answers one request. */
export interface ScriptedAnswer {
  /** Default 200. `null`: no answer; the server hangs up, or says nothing with `after: 'hold'`. */
  readonly status?: number | null
  /** Default `Content-Type: text/event-stream`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body, written and flushed a chunk at a time. */
  readonly chunks?: readonly Uint8Array[]
  /** What follows the body: its proper end, or nothing, while it stays open. Default `'end'`. */
  readonly after?: 'end' | 'hold'
}

/** A request as the server saw it. */
export interface ScriptedRequest {
  readonly method: string
  /** By name in lower case. Values are as HTTP has them: a character a byte. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, as UTF-8. */
  readonly body: string
  /** Whether its answer is over: ended, broken, or let go by the client. */
  readonly closed: boolean
}

/** A URL that follows a script. */
export interface ScriptedStream {
  readonly url: string
  /** The requests it got so far, oldest first; preflights aside. */
  requests(): Promise<readonly ScriptedRequest[]>
  /** Breaks the connections that it holds open. */
  drop(): Promise<void>
}

/**
 * Makes a URL whose first request gets the first answer, the second the second, and all further ones the last.
 * A page may read it from another origin, statuses and headers included.
 */
export type Serve = (answers: readonly ScriptedAnswer[]) => Promise<ScriptedStream>
