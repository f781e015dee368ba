import type { Turn } from './conversation.ts'
import type { Chat } from './use-chat.ts'
import { Facts } from './facts.tsx'

/** @param chat - for the last turn, with which something can be done */
export function TurnView({ turn, chat }: { turn: Turn; chat: Chat | null }) {
  const { question, answer, ending } = turn
  const { text, refusal, reasoning } = answer
  return (
    <li className="turn" data-testid="turn" data-ending={ending ?? 'writing'}>
      <p className="asked">
        <span className="unseen">You asked: </span>
        {question}
      </p>
      {/* Busy, so that nothing in it is read out before it is whole. */}
      <article className="answer" aria-label="Answer" aria-busy={ending === null}>
        {reasoning && (
          <details>
            <summary>Reasoning</summary>
            <p className="words">{reasoning}</p>
          </details>
        )}
        {(text || refusal || ending === null) && (
          <p className="words" data-testid="answer">
            {text || refusal}
            {ending === null && <span className="caret" aria-hidden="true" />}
          </p>
        )}
      </article>
      <Outcome turn={turn} chat={chat} />
    </li>
  )
}

/** How it ended, and what can be done about it. */
function Outcome({ turn: { ending, problem, answer }, chat }: { turn: Turn; chat: Chat | null }) {
  const wrong = ending === 'broken' || ending === 'refused'
  return (
    <div className="outcome">
      {wrong && (
        <p className="note" data-testid="problem" data-tone={ending === 'broken' ? 'warn' : 'bad'}>
          {problem.replace(/[^.!?]$/, '$&.')} {answer.text && 'What came so far stays.'}
        </p>
      )}
      {ending === 'stopped' && <p className="muted">You stopped it here.</p>}
      {ending === 'done' && answer.stopReason === 'length' && <p className="muted">The model ran into its limit.</p>}
      {chat && ending !== null && (
        <div className="actions">
          {ending === 'broken' && (
            <button type="button" className="button" onClick={chat.resume}>
              Go on
            </button>
          )}
          <button type="button" className="button" onClick={chat.retry}>
            Ask again
          </button>
        </div>
      )}
      {chat?.request && <Facts request={chat.request} usage={answer.usage} />}
    </div>
  )
}
