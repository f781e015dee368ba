import type { MockConnection } from 'eventwire/testing'
import type { MockStage } from './stage/stage.ts'
import type { Metrics } from './metrics.ts'
import { createStage } from './stage/stage.ts'

/** The dashboard's stage: a server that measures on, whoever listens, and replays what a client missed. */
export interface MetricsStage extends MockStage {
  /** Breaks what is open, as a network does. */
  breakAll(): void
  /** Ends what is open, as a server does that deploys; then tells of the new version. */
  deploy(): void
  /** Answers 503 for so many ms. */
  leave(ms: number): void
}

const EVERY_MS = 500
const REPLAYED = 120
/** What it had measured before anyone came. */
const BEFORE = 80

/** A made-up measurement, always the same for the same number. */
function measure(count: number, at: number): Metrics {
  const wave = (length: number, height: number) => Math.sin((count * 2 * Math.PI) / length) * height
  const round = (value: number) => Math.round(value * 100) / 100
  const spike = count % 37 < 3 ? 22 : 0
  return {
    at,
    cpu: round(38 + wave(45, 14) + wave(11, 5) + spike),
    memory: round(7 + wave(160, 1.6) + wave(23, 0.2)),
    delay: round(1.2 + wave(30, 0.4) + spike / 5),
  }
}

export function createMetricsStage(): MetricsStage {
  const events: { id: string; type: string; data: unknown }[] = []
  let versions = 4
  let backAt = 0

  const stage = createStage('/api/stream/metrics', { onConnection: accept })
  const { sse } = stage
  const { clock } = sse

  function accept(connection: MockConnection) {
    if (clock.now() < backAt) return connection.respond(503)
    connection.open()
    const seen = Number(connection.request.lastEventId)
    for (const event of events) if (Number(event.id) > seen) connection.send(event)
  }

  function add(type: string, data: unknown) {
    const event = { id: String(Number(events.at(-1)?.id ?? 0) + 1), type, data }
    events.push(event)
    if (events.length > REPLAYED) events.shift()
    for (const connection of sse.connections) if (connection.state === 'open') connection.send(event)
  }

  const closeAll = (how: 'drop' | 'end') => {
    for (const connection of sse.connections) connection[how]()
  }

  let count = 0
  for (; count < BEFORE; count++) add('metrics', measure(count, clock.now() - (BEFORE - count) * EVERY_MS))
  function measureOn() {
    add('metrics', measure(count++, clock.now()))
    clock.setTimeout(measureOn, EVERY_MS)
  }
  clock.setTimeout(measureOn, EVERY_MS)

  return {
    ...stage,
    breakAll: () => closeAll('drop'),
    deploy() {
      closeAll('end')
      add('deploy', { version: `2.${++versions}` })
    },
    leave(ms) {
      backAt = clock.now() + ms
      closeAll('drop')
    },
  }
}
