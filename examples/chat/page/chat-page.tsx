import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { Header } from './header.tsx'
import { Intro } from './intro.tsx'
import { TurnView } from './turn-view.tsx'
import { useChat } from './use-chat.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

export function ChatPage() {
  const chat = useChat()
  const { turns } = chat
  useStickToEnd()
  return (
    <>
      <Header onForget={turns.length > 0 ? chat.forget : null} />
      <main>
        <h1 className={turns.length > 0 ? 'unseen' : undefined}>Ask, and break it</h1>
        {turns.length === 0 && <Intro onAsk={chat.ask} />}
        <ol className="turns" aria-label="Conversation">
          {turns.map((turn, index) => (
            <TurnView key={turn.run} turn={turn} chat={index === turns.length - 1 ? chat : null} />
          ))}
        </ol>
        <Announcer chat={chat} />
      </main>
      <Composer chat={chat} />
    </>
  )
}
