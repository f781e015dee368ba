import type { SeenEvent, SSEEvent } from 'eventwire/core'
import { json } from 'eventwire/core'

/** An event of the AG-UI protocol, as far as text goes. */
interface AGUIEvent {
  readonly type: string
  readonly delta?: string
}

/** Reads the text of AG-UI's events: what an app would write for a format that `eventwire/llm` has none for. */
export const agUIText = {
  decode: json<AGUIEvent>(),
  until: ({ raw }: SeenEvent) => raw.includes('"RUN_FINISHED"') && 'last',
  initial: { text: '' },
  reduce: (answer: { text: string }, { data: { type, delta = '' } }: SSEEvent<AGUIEvent>) =>
    type === 'TEXT_MESSAGE_CONTENT' ? { text: answer.text + delta } : answer,
} as const
