import { useSSERequest } from 'eventwire'
import type { RequestSnapshot } from 'eventwire/core'
import type { Answer } from 'eventwire/llm'
import { openAIChat } from 'eventwire/llm'
import { useEffect, useEffectEvent, useState } from 'react'
import type { Ending, Turn } from './conversation.ts'
import { createKeeper, messagesOf, restored } from './conversation.ts'

const format = openAIChat()
const { initial: NO_ANSWER } = format

/** A conversation: one request at a time, each to its end, over a reload too. */
export function useChat() {
  const [known] = useState(restored)
  const [keeper] = useState(createKeeper)
  const [turns, setTurns] = useState(known.turns)
  const last = turns.at(-1)
  /** The run whose answer the request has; `null` for what had ended before a reload. */
  const [live, setLive] = useState(last && goesOn(last) ? last.run : null)

  const request = useSSERequest({
    url: '/chat',
    method: 'POST',
    ...format,
    // The server goes on without us: it has to be told.
    onStop: () => void fetch(`/chat/${live}/stop`, { method: 'POST', keepalive: true }).catch(() => {}),
  })
  // Between the first render and the request that goes on nothing is known that was not kept.
  const asked = request.status !== 'idle'
  const shown = turns.map((turn) => (asked && turn.run === live ? { ...turn, ...outcome(request) } : turn))
  const busy = shown.at(-1)?.ending === null
  const { start, stop, resume, lastEventId } = request

  /** @param from - where, and what had come up to there; default: where it stopped */
  function goOn(from?: { readonly lastEventId: string; readonly value: Answer }): void {
    if (!live || !last) return
    void resume({ body: { run: live, messages: messagesOf(turns.slice(0, -1), last.question) }, ...from })
  }
  const goOnAfterReload = useEffectEvent(() => {
    if (last) goOn({ lastEventId: known.lastEventId, value: last.answer })
  })
  useEffect(() =>  goOnAfterReload(), [])

  useEffect(() => {
    if (asked || !live) keeper.keep({ turns: shown, lastEventId })
  })
  useEffect(() => keeper.flush, [keeper])

  function ask(question: string, before: readonly Turn[] = shown): void {
    const run = crypto.randomUUID()
    setTurns([...before, { run, question, answer: NO_ANSWER, ending: null, problem: '' }])
    setLive(run)
    void start({ body: { run, messages: messagesOf(before, question) } })
  }

  return {
    turns: shown,
    /** What this page heard of the last answer itself; `null` where that is from before a reload. */
    request: live ? request : null,
    busy,
    ask,
    stop,
    /** Goes on after the last word that came. */
    resume: () => goOn(),
    /** Asks the last question again. */
    retry() {
      const again = shown.at(-1)
      if (again) ask(again.question, shown.slice(0, -1))
    },
    forget() {
      // Not only here: the server would go on with it.
      stop()
      request.clear()
      setLive(null)
      setTurns([])
    },
    /** Breaks this page's connection at the server, to see what happens. */
    cut: () => void fetch(`/chat/${live}/cut`, { method: 'POST' }).catch(() => {}),
  }
}

export type Chat = ReturnType<typeof useChat>

/** Whether there may be more of it. */
function goesOn({ ending }: Turn): boolean {
  return ending === null || ending === 'broken'
}

function outcome({ value, status, error }: RequestSnapshot<Answer>): Pick<Turn, 'answer' | 'ending' | 'problem'> {
  const broken = error?.code === 'interrupted' || error?.code === 'network'
  const ending: Ending | null =
    status === 'done' || status === 'stopped' ? status : status === 'failed' ? (broken ? 'broken' : 'refused') : null
  // A seam: the server says what is wrong in OpenAI's form, as a status or inside the answer.
  const said = error?.json() as { error?: { message?: string } } | undefined
  return { answer: value, ending, problem: said?.error?.message ?? error?.message ?? '' }
}
