import type { AnswerFormat } from './answer.js'
import { chunks, errorIn, NO_ANSWER, placeOf, withToolCall } from './answer.js'

interface AnthropicUsage {
  readonly input_tokens?: number
  readonly output_tokens?: number
}

/** An event of Anthropic's messages, told apart by `type`. */
export interface AnthropicMessagesEvent {
  readonly type: string
  readonly message?: { readonly usage?: AnthropicUsage }
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string; readonly text?: string }
  readonly delta?: {
    readonly type?: string
    readonly text?: string
    readonly thinking?: string
    readonly partial_json?: string
    readonly stop_reason?: string | null
  }
  readonly usage?: AnthropicUsage
}

/**
 * Anthropic's messages with `stream: true`: they end with `message_stop`, which carries nothing.
 *
 * @example
 * ```tsx
 * import { useSSERequest } from 'eventwire'
 * import { anthropicMessages } from 'eventwire/llm'
 *
 * export function Chat() {
 *   const { value, start } = useSSERequest({ url: '/proxy/v1/messages', ...anthropicMessages() })
 *   return <button onClick={() => start({ body: { stream: true } })}>{value.text || 'Ask'}</button>
 * }
 * ```
 */
export function anthropicMessages(): AnswerFormat<AnthropicMessagesEvent> {
  return {
    decode: chunks(),
    until: ({ type }) => type === 'message_stop',
    isError: ({ type, raw }) => type === 'error' && (errorIn(raw) || true),
    initial: NO_ANSWER,
    reduce(answer, { data }) {
      const { type, content_block: block, delta = {} } = data
      const usage = data.usage ?? data.message?.usage
      let next = answer
      if (usage)
        next = {
          ...next,
          usage: {
            inputTokens: usage.input_tokens ?? next.usage?.inputTokens ?? null,
            outputTokens: usage.output_tokens ?? next.usage?.outputTokens ?? null,
          },
        }
      if (type === 'content_block_start' && block?.type === 'tool_use') {
        // Blocks come one after the other: what follows is of this one.
        const { id = '', name = '' } = block
        return withToolCall(next, placeOf(next, id), (call) => ({ ...call, id, name }))
      }
      if (type === 'content_block_start') return { ...next, text: next.text + (block?.text ?? '') }
      if (delta.text) next = { ...next, text: next.text + delta.text }
      if (delta.thinking) next = { ...next, reasoning: next.reasoning + delta.thinking }
      const { partial_json: json } = delta
      if (json) next = withToolCall(next, next.toolCalls.length - 1, (call) => ({ ...call, arguments: call.arguments + json }))
      if (delta.stop_reason) next = { ...next, stopReason: delta.stop_reason }
      return next
    },
  }
}
