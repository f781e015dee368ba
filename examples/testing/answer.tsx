import { useSSE } from 'eventwire'
import { useState } from 'react'

interface Token {
  readonly text: string
}

/** Asks a question by POST, and shows the answer as it comes. */
export function Answer({ token }: { token: () => Promise<string> }) {
  const [draft, write] = useState('')
  const [question, ask] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        ask(draft)
      }}
    >
      <input aria-label="Question" value={draft} onChange={(event) => write(event.target.value)} />
      <button>Ask</button>
      {question && <Stream key={question} question={question} token={token} />}
    </form>
  )
}

function Stream({ question, token }: { question: string; token: () => Promise<string> }) {
  const [text, append] = useState('')
  const { status, error } = useSSE<Token>({
    url: '/answer',
    body: { question },
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
    onMessage: (part: Token) => append((before) => before + part.text),
  })
  return (
    <>
      <p data-testid="answer">{text}</p>
      <p role="status">{error ? error.message : status === 'closed' ? 'done' : 'writing…'}</p>
    </>
  )
}
