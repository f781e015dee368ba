const QUESTIONS = [
  { question: 'What are Server-Sent Events?', what: 'A short answer, token by token.' },
  {
    question: 'Explain resuming at length, please.',
    what: 'Long enough to stop it, to cut its connection, or to reload this page in the middle.',
  },
  { question: 'Please fail in the middle.', what: 'The local model sends an error where the rest should be. What came stays.' },
]

/** What the page is for, and questions to begin with. */
export function Intro({ onAsk }: { onAsk: (question: string) => void }) {
  return (
    <div className="intro">
      <p>
        Every answer is one POST and its event stream, read by <code>useSSERequest</code>. It runs on the server under a name:
        stop it, cut it, reload the page, and it goes on with the very next word.
      </p>
      <ul className="questions">
        {QUESTIONS.map(({ question, what }) => (
          <li key={question}>
            <button type="button" className="question-card" onClick={() => onAsk(question)}>
              <strong>{question}</strong>
              <span>{what}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
