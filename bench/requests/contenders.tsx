import { useChat as useAISDKChat } from '@ai-sdk/react'
import { fetchServerSentEvents, useChat as useTanStackChat } from '@tanstack/ai-react'
import { DefaultChatTransport } from 'ai'
import { useSSERequest } from 'eventwire'
import { aiSDKMessages } from 'eventwire/llm'
import type { ComponentType } from 'react'
import { memo, useEffect, useLayoutEffect } from 'react'
import { agUIText } from './ag-ui.js'

/** How an answer is put on the page: by paragraphs, as one, or only how long it is, to see what reading it costs. */
export type Form = 'paragraphs' | 'one' | 'length'

/** What a contender's component is given. */
export interface ContenderProps {
  readonly url: string
  readonly form: Form
  /** How the page asks; the promise is over with the answer. */
  readonly offer: (ask: () => Promise<unknown>) => void
  readonly onCommit: (text: string) => void
}

interface ShownProps extends Omit<ContenderProps, 'url'> {
  readonly text: string
  readonly error: Error | null | undefined
  readonly ask: () => Promise<unknown>
}

/** The same elements for all. By paragraphs as chats have them: one is rendered again when it has changed. */
function Shown({ text, error, ask, form, offer, onCommit }: ShownProps) {
  useEffect(() => offer(ask))
  useLayoutEffect(() => onCommit(text))
  if (error) return <p role="alert">{`${error.name}: ${error.message}`}</p>
  if (form === 'length') return <p>{text.length}</p>
  if (form === 'one') return <Paragraph text={text} />
  return text.split(/(?<=\n\n)/).map((paragraph, at) => <Paragraph key={at} text={paragraph} />)
}

const Paragraph = memo(function Paragraph({ text }: { readonly text: string }) {
  return <p style={{ whiteSpace: 'pre-wrap' }}>{text}</p>
})

const answerFormat = aiSDKMessages()

function Eventwire({ url, ...page }: ContenderProps) {
  const { value, error, start } = useSSERequest({ url, ...answerFormat })
  return <Shown {...page} text={value.text} error={error} ask={() => start({ body: { prompt: 'Go on' } })} />
}

function EventwireOverAGUI({ url, ...page }: ContenderProps) {
  const { value, error, start } = useSSERequest({ url, ...agUIText })
  return <Shown {...page} text={value.text} error={error} ask={() => start({ body: { prompt: 'Go on' } })} />
}

/** The parts of what was answered last: the peers keep a conversation. */
function answerIn<Part>(messages: readonly { readonly role: string; readonly parts: readonly Part[] }[]): readonly Part[] {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.parts : []
}

function AISDK({ url, throttle, ...page }: ContenderProps & { readonly throttle?: number }) {
  const transport = new DefaultChatTransport({ api: url })
  const { messages, error, sendMessage } = useAISDKChat({ transport, ...(throttle && { throttle }) })
  const text = answerIn(messages).map(({ type, text: part = '' }) => (type === 'text' ? part : '')).join('')
  return <Shown {...page} text={text} error={error} ask={() => sendMessage({ text: 'Go on' })} />
}

function ThrottledAISDK(props: ContenderProps) {
  return <AISDK {...props} throttle={50} />
}

function TanStack({ url, ...page }: ContenderProps) {
  const { messages, error, sendMessage } = useTanStackChat({ connection: fetchServerSentEvents(url) })
  const text = answerIn(messages).map(({ type, content = '' }) => (type === 'text' ? content : '')).join('')
  return <Shown {...page} text={text} error={error} ask={() => sendMessage('Go on')} />
}

/** By the names that `roster.ts` lists. */
export const components: Readonly<Record<string, ComponentType<ContenderProps>>> = {
  eventwire: Eventwire,
  'ai-sdk': AISDK,
  'ai-sdk-throttled': ThrottledAISDK,
  'eventwire-ag-ui': EventwireOverAGUI,
  tanstack: TanStack,
}
