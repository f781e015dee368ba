import type { AnswerFormat } from './answer.js'
import { chunks, errorIn, NO_ANSWER, withToolCall } from './answer.js'

/** An event of OpenAI's chat completions, and of the many servers that speak the same. */
export interface OpenAIChatChunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null
      readonly refusal?: string | null
      /** Of servers beside OpenAI's, which show a trace of reasoning. */
      readonly reasoning_content?: string | null
      readonly tool_calls?: readonly {
        readonly index: number
        readonly id?: string
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
    readonly finish_reason?: string | null
  }[]
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null
}

/**
 * OpenAI's chat completions with `stream: true`: they end with `[DONE]`. Of several choices the first.
 *
 * @example
 * ```tsx
 * import { useSSERequest } from 'eventwire'
 * import { openAIChat } from 'eventwire/llm'
 *
 * export function Chat() {
 *   const { value, start } = useSSERequest({ url: '/proxy/v1/chat/completions', ...openAIChat() })
 *   return <button onClick={() => start({ body: { stream: true } })}>{value.text || 'Ask'}</button>
 * }
 * ```
 */
export function openAIChat(): AnswerFormat<OpenAIChatChunk> {
  return {
    decode: chunks(),
    until: ({ raw }) => raw === '[DONE]',
    isError: ({ raw }) => errorIn(raw),
    initial: NO_ANSWER,
    reduce(answer, { data: { choices: [choice] = [], usage } }) {
      const { content, refusal, reasoning_content: reasoning, tool_calls: calls = [] } = choice?.delta ?? {}
      let next = answer
      if (content) next = { ...next, text: next.text + content }
      if (reasoning) next = { ...next, reasoning: next.reasoning + reasoning }
      if (refusal) next = { ...next, refusal: next.refusal + refusal }
      for (const { index, id = '', function: { name = '', arguments: more = '' } = {} } of calls)
        next = withToolCall(next, index, (call) => ({ id: call.id || id, name: call.name || name, arguments: call.arguments + more }))
      if (choice?.finish_reason) next = { ...next, stopReason: choice.finish_reason }
      if (usage) next = { ...next, usage: { inputTokens: usage.prompt_tokens ?? null, outputTokens: usage.completion_tokens ?? null } }
      return next
    },
  }
}
