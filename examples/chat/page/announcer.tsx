import type { Turn } from './conversation.ts'
import type { Chat } from './use-chat.ts'

/** The one place of the page that a screen reader speaks from by itself: of an answer once, when it is finished. */
export function Announcer({ chat: { turns, request } }: { chat: Chat }) {
  const last = turns.at(-1)
  return (
    <p className="unseen" role="status" data-testid="announcement">
      {last && request ? announcement(last) : ''}
    </p>
  )
}

function announcement({ ending, answer: { text, refusal }, problem }: Turn): string {
  switch (ending) {
    case null:
      return ''
    case 'done':
      return text || refusal
    case 'stopped':
      return 'The answer was stopped.'
    case 'broken':
    case 'refused':
      return `The answer is not whole. ${problem}`
  }
}
