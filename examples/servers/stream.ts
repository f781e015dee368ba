// What every server here has in common, whatever it answers with.
import type { EventLog, Logged } from './event-log.ts'
import type { OpsEvent } from './events.ts'

export type Log = EventLog<OpsEvent>

/** How many events a server keeps for clients that come back. */
export const KEPT = 500

/** What a server is started with. */
export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number
  readonly heartbeatMs: number
}

/** A server that runs. */
export interface RunningServer {
  readonly port: number
  /** Ends every stream as planned, and then the server. */
  stop(): Promise<void>
}

/** Pages of other origins may read the streams, resume them, and read what the answer vouches for. */
export const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Last-Event-ID, Content-Type',
  'Access-Control-Expose-Headers': 'Last-Event-ID',
}

/** What clients are to wait before they come back to the server that replaces this one: each another time. */
export const spreadMs = (): number => 1_000 + Math.floor(Math.random() * 9_000)

/**
 * What one client is sent: what the log has after an id, and at the log's end when to come back. Who comes without an id is
 * given one at once: else who breaks off before its first event could not say from where to go on.
 */
export async function* eventsAfter(
  log: Log,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Logged<OpsEvent> | { id: string } | { retry: number }> {
  const events = log.read(id, signal)
  if (id === '' && log.newest !== '') yield { id: log.newest }
  yield* events
  if (!signal.aborted) yield { retry: spreadMs() }
}

/** What a server holds, for the test that proves it holds nothing for clients that went. */
export function stats(log: Log): Record<string, number> {
  const held = typeof process === 'undefined' ? [] : process.getActiveResourcesInfo()
  const timers = held.filter((kind) => kind === 'Timeout').length
  return { readers: log.readers, waiting: log.waiting, timers }
}
