import type { MockConnection } from 'eventwire/testing'
import type { MockStage } from './stage/stage.ts'
import { createStage } from './stage/stage.ts'

/** The stage of an answer: a model that writes a word ten times a second, in OpenAI's words, and can be troubled. */
export interface ChatStage extends MockStage {
  /** Sends an error where the next word should be. */
  fail(): void
  /** Cuts the connection in the middle. */
  cut(): void
  /** Refuses the next request, as one whose token has run out. */
  expire(): void
}

export const ANSWER =
  'An answer is a stream with an end. Each word comes as an event with an id, and the last one is [DONE]. ' +
  'What stops short of it was interrupted, keeps what came, and can be gone on with from the last id.'

const EVERY_MS = 100

const CHUNKS = [
  ...(ANSWER.match(/\s*\S+/g) ?? []).map((content) => ({ choices: [{ delta: { content }, finish_reason: null }] })),
  { choices: [{ delta: {}, finish_reason: 'stop' }] },
]

export function createChatStage(): ChatStage {
  let expired = false
  const stage = createStage('/api/chat', {
    onConnection(connection) {
      if (expired) connection.respond(401)
      else write(connection)
      expired = false
    },
  })
  const { connections, clock } = stage.sse

  function write(connection: MockConnection) {
    connection.open()
    let at = Number(connection.request.lastEventId)
    const next = () => {
      if (connection.state !== 'open') return
      const data = CHUNKS[at++]
      if (!data) return connection.sendBytes('data: [DONE]\n\n')
      connection.send({ id: String(at), data })
      clock.setTimeout(next, EVERY_MS)
    }
    clock.setTimeout(next, EVERY_MS)
  }

  const open = () => connections.filter(({ state }) => state === 'open')
  return {
    ...stage,
    fail() {
      for (const connection of open()) connection.send({ data: { error: { message: 'The model ran out of memory.' } } })
    },
    cut() {
      for (const connection of open()) connection.drop()
    },
    expire: () => void (expired = true),
  }
}
