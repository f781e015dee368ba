import type { EventLog, Logged } from './event-log.ts'

/** An event, and whose it is. */
export type Addressed<E> = E & { readonly to: string }

/** After so many events of others its reader is told where it is: else its last id would be too old before its next event. */
const SKIPPED = 50

/** The events of one user, of a log that has everyone's: what reads it hears of no other's but that there were some. */
export function channelOf<E extends object>(log: EventLog<Addressed<E>>, user: string) {
  return {
    append: (event: E): Promise<string> => log.append({ ...event, to: user }),
    reaches: (id: string): Promise<boolean> => log.reaches(id),
    async *read(id: string, signal: AbortSignal): AsyncGenerator<Logged<E> | { id: string }, void> {
      const events = log.read(id, signal)
      // Who breaks off before its first event can say from where to go on.
      if (id === '' && log.newest !== '') yield { id: log.newest }
      let skipped = 0
      for await (const event of events) {
        if (event.to === user) {
          skipped = 0
          yield event
        } else if (++skipped % SKIPPED === 0) yield { id: event.id }
      }
    },
  }
}
