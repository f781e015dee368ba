/** The answer of a language model: as it comes, with a button that stops it and one that asks again. */
import { json, useSSERequest } from 'eventwire'

export function Answer({ prompt }: { prompt: string }) {
  const { value, status, error, start, stop } = useSSERequest({
    url: '/chat',
    decode: json<{ text: string }>(),
    initial: '',
    reduce: (answer, { data }) => answer + data.text,
    // An answer that breaks off before this is `failed`, and never looks finished.
    until: ({ raw }) => raw === '[DONE]',
  })
  const ask = () => void start({ body: { prompt } })
  const running = status === 'starting' || status === 'streaming'
  return (
    <section aria-busy={running}>
      <p>{value}</p>
      {status === 'failed' && <p role="alert">{error?.message}</p>}
      {/* What was stopped keeps what had come. */}
      {running ? <button onClick={stop}>Stop</button> : <button onClick={ask}>{status === 'idle' ? 'Ask' : 'Ask again'}</button>}
    </section>
  )
}
