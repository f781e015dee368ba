import type { AnswerFormat } from './answer.js'
import { chunks, errorIn, NO_ANSWER, withToolCall } from './answer.js'

/** An event of Gemini's `streamGenerateContent?alt=sse`. */
export interface GeminiContentChunk {
  readonly candidates?: readonly {
    readonly content?: {
      readonly parts?: readonly {
        readonly text?: string
        readonly thought?: boolean
        readonly functionCall?: { readonly id?: string; readonly name?: string; readonly args?: unknown }
      }[]
    }
    readonly finishReason?: string
  }[]
  readonly promptFeedback?: { readonly blockReason?: string }
  readonly usageMetadata?: { readonly promptTokenCount?: number; readonly candidatesTokenCount?: number }
}

/**
 * Gemini's `streamGenerateContent?alt=sse`: the chunk with a `finishReason`, or with a `blockReason`, is the last.
 *
 * @example
 * ```tsx
 * import { useSSERequest } from 'eventwire'
 * import { geminiContent } from 'eventwire/llm'
 *
 * export function Chat() {
 *   const { value, start } = useSSERequest({ url: '/proxy/v1beta/models/gemini:streamGenerateContent?alt=sse', ...geminiContent() })
 *   return <button onClick={() => start({ body: { stream: true } })}>{value.text || 'Ask'}</button>
 * }
 * ```
 */
export function geminiContent(): AnswerFormat<GeminiContentChunk> {
  return {
    decode: chunks(),
    until: ({ raw }) => (/"(finishReason|blockReason)"\s*:\s*"/.test(raw) ? 'last' : false),
    isError: ({ raw }) => errorIn(raw),
    initial: NO_ANSWER,
    reduce(answer, { data: { candidates: [candidate] = [], promptFeedback, usageMetadata: usage } }) {
      let next = answer
      for (const { text = '', thought, functionCall } of candidate?.content?.parts ?? []) {
        next = thought ? { ...next, reasoning: next.reasoning + text } : { ...next, text: next.text + text }
        // A call comes whole, and often without an id.
        if (functionCall) {
          const { id = '', name = '', args = {} } = functionCall
          next = withToolCall(next, next.toolCalls.length, () => ({ id, name, arguments: JSON.stringify(args) }))
        }
      }
      const stopReason = candidate?.finishReason ?? promptFeedback?.blockReason
      if (stopReason) next = { ...next, stopReason }
      if (usage) next = { ...next, usage: { inputTokens: usage.promptTokenCount ?? null, outputTokens: usage.candidatesTokenCount ?? null } }
      return next
    },
  }
}
