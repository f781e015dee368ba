import type { AnswerFormat } from './answer.js'
import { chunks, NO_ANSWER, parsed, placeOf, withToolCall } from './answer.js'

/** An event of the AI SDK's UI message stream, told apart by `type`. */
export interface AISDKMessageChunk {
  readonly type: string
  readonly delta?: string
  readonly toolCallId?: string
  readonly toolName?: string
  readonly inputTextDelta?: string
  readonly input?: unknown
  readonly errorText?: string
  readonly finishReason?: string
}

/**
 * The AI SDK's UI message stream: it ends with `[DONE]`.
 *
 * @example
 * ```tsx
 * import { useSSERequest } from 'eventwire'
 * import { aiSDKMessages } from 'eventwire/llm'
 *
 * export function Chat() {
 *   const { value, start } = useSSERequest({ url: '/proxy/api/chat', ...aiSDKMessages() })
 *   return <button onClick={() => start({ body: { stream: true } })}>{value.text || 'Ask'}</button>
 * }
 * ```
 */
export function aiSDKMessages(): AnswerFormat<AISDKMessageChunk> {
  return {
    decode: chunks(),
    until: ({ raw }) => raw === '[DONE]',
    isError: ({ raw }) => raw.includes('"errorText"') && errorTextOf(raw),
    initial: NO_ANSWER,
    reduce(answer, { data }) {
      const { type, delta = '', toolCallId: id = '', toolName: name = '', inputTextDelta: more = '', input, finishReason } = data
      switch (type) {
        case 'text-delta':
          return { ...answer, text: answer.text + delta }
        case 'reasoning-delta':
          return { ...answer, reasoning: answer.reasoning + delta }
        case 'tool-input-start':
          return withToolCall(answer, placeOf(answer, id), (call) => ({ ...call, id, name }))
        case 'tool-input-delta':
          return withToolCall(answer, placeOf(answer, id), (call) => ({ ...call, id, arguments: call.arguments + more }))
        case 'tool-input-available':
          return withToolCall(answer, placeOf(answer, id), (call) => ({ id, name: name || call.name, arguments: JSON.stringify(input ?? {}) }))
        case 'finish':
          return { ...answer, stopReason: finishReason ?? 'stop' }
        case 'abort':
          return { ...answer, stopReason: 'abort' }
        default:
          return answer
      }
    },
  }
}

/** The words of an error part; a tool that failed says so in a part of its own, which ends nothing. */
function errorTextOf(raw: string): string | false {
  // A seam: whatever it is, only the words are taken out of it.
  const { type, errorText } = (parsed(raw) ?? {}) as Partial<AISDKMessageChunk>
  return type === 'error' && (errorText ?? 'The server sent an error')
}
