import type { ReactNode } from 'react'
import type { RenderTally } from './render-tally.ts'
import type { MockStage } from './stage/stage.ts'
import { createRenderTally, RenderTallyContext } from './render-tally.ts'
import { createStage } from './stage/stage.ts'

/** The stage of many components: a server of prices, and a tally of renders. */
export interface SharingStage extends MockStage {
  readonly tally: RenderTally
  send(count: number): void
  sent(): number
}

const EVERY_MS = 1_000

export function createSharingStage(): SharingStage {
  let sent = 0
  const tally = createRenderTally()
  const stage = createStage('/api/prices', { onConnection: (connection) => connection.open() })
  const { connections, clock, Provider } = stage.sse

  function send(count: number) {
    const connection = connections.at(-1)
    for (const last = sent + count; sent < last; )
      connection?.send({ id: String(++sent), data: { price: 100 + Math.sin(sent / 5) * 8 } })
  }
  function sendOn() {
    send(1)
    clock.setTimeout(sendOn, EVERY_MS)
  }
  clock.setTimeout(sendOn, EVERY_MS)

  function Counting({ children }: { children?: ReactNode }) {
    return (
      <RenderTallyContext value={tally}>
        <Provider>{children}</Provider>
      </RenderTallyContext>
    )
  }
  return { ...stage, Provider: Counting, tally, send, sent: () => sent }
}
