import type { MockConnection } from 'eventwire/testing'
import type { MockStage } from './stage/stage.ts'
import { createStage } from './stage/stage.ts'

/** One connection attempt, as the server saw it. Times are epoch ms. */
export interface Attempt {
  readonly number: number
  readonly cursor: string
  readonly from: number
  readonly openedAt: number | null
  readonly until: number | null
  /** How it ended, in words. */
  readonly outcome: string
}

/** What someone at the server can do with the newest attempt. */
export interface ServerAction {
  readonly label: string
  /** The state that the attempt must be in. */
  readonly when: MockConnection['state']
  /** What it makes of the attempt, when that is its end. */
  readonly outcome?: string
  readonly run: (connection: MockConnection, eventId: string) => void
}

export const SERVER_ACTIONS: readonly ServerAction[] = [
  { label: 'Accept', when: 'pending', run: (connection) => connection.open() },
  { label: '503', when: 'pending', outcome: '503', run: (connection) => connection.respond(503) },
  { label: '401', when: 'pending', outcome: '401', run: (connection) => connection.respond(401) },
  { label: '204', when: 'pending', outcome: '204', run: (connection) => connection.respond(204) },
  {
    label: 'Send an event',
    when: 'open',
    run: (connection, id) => connection.send({ id, type: 'tick', data: { count: Number(id) } }),
  },
  { label: 'Break', when: 'open', outcome: 'broke', run: (connection) => connection.drop() },
  { label: 'Planned end', when: 'open', outcome: 'planned end', run: (connection) => connection.end() },
]

/** The stage of a connection's life: a server that does nothing by itself, and keeps a record. */
export interface AttemptsStage extends MockStage {
  subscribe(changed: () => void): () => void
  attempts(): readonly Attempt[]
  /** Where the newest attempt stands. */
  state(): MockConnection['state']
  act(action: ServerAction): void
}

export function createAttemptsStage(): AttemptsStage {
  const watchers = new Set<() => void>()
  let attempts: readonly Attempt[] = []
  let events = 0

  const stage = createStage('/api/ticks', { onConnection: (connection) => void follow(connection) })
  const { connections, clock } = stage.sse

  function note(number: number, change: Partial<Attempt>) {
    attempts = attempts.map((attempt) => (attempt.number === number ? { ...attempt, ...change } : attempt))
    for (const changed of [...watchers]) changed()
  }

  async function follow({ request, closed }: MockConnection) {
    const number = attempts.length + 1
    const first = { number, cursor: request.lastEventId, from: clock.now(), openedAt: null, until: null, outcome: '' }
    attempts = [...attempts, first]
    note(number, {})
    await closed
    // Unless the server ended it, the client did.
    if (!attempts[number - 1]?.outcome) note(number, { until: clock.now(), outcome: 'closed by app' })
  }

  const newest = () => connections.at(-1)
  return {
    ...stage,
    subscribe(changed) {
      watchers.add(changed)
      return () => void watchers.delete(changed)
    },
    attempts: () => attempts,
    state: () => newest()?.state ?? 'closed',
    act({ when, outcome, run }) {
      const connection = newest()
      if (connection?.state !== when) return
      const { length } = attempts
      if (outcome) note(length, { outcome, until: clock.now() })
      else if (when === 'pending') note(length, { openedAt: clock.now() })
      run(connection, String(outcome || when === 'pending' ? events : ++events))
      note(length, {})
    },
  }
}
