import { useState } from 'react'
import type { Chat } from './use-chat.ts'

/** Where questions are written. While an answer comes it stops it, or breaks its connection. */
export function Composer({ chat: { busy, ask, stop, cut } }: { chat: Chat }) {
  const [draft, write] = useState('')
  const question = draft.trim()

  const send = () => {
    if (busy || !question) return
    write('')
    ask(question)
  }

  return (
    <form
      className="composer"
      aria-label="Ask"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="composer-inner">
        <textarea
          aria-label="Question"
          placeholder="Ask something, or say “fail”"
          rows={2}
          maxLength={4000}
          value={draft}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            // Enter that ends the composition of a letter is the keyboard's own.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <div className="composer-actions">
          {/* Not `disabled`, which would take the keyboard's focus away. */}
          <button type="button" className="button" aria-disabled={!busy} onClick={() => busy && cut()}>
            Cut the connection
          </button>
          <button type="button" className="button" aria-disabled={!busy} onClick={() => busy && stop()}>
            Stop
          </button>
          <button type="submit" className="button primary" aria-disabled={busy || !question}>
            Send
          </button>
        </div>
      </div>
    </form>
  )
}
