import type { Answer, AnswerFormat } from './answer.js'
import { chunks, errorIn, NO_ANSWER, parsed, placeOf, withToolCall } from './answer.js'

/** An event of OpenAI's responses, told apart by `type`. */
export interface OpenAIResponsesEvent {
  readonly type: string
  readonly delta?: string
  readonly item_id?: string
  readonly item?: { readonly type: string; readonly id?: string; readonly name?: string; readonly arguments?: string }
  readonly response?: {
    readonly status?: string
    readonly error?: { readonly message?: string } | null
    readonly incomplete_details?: { readonly reason?: string } | null
    readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number } | null
  }
}

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/**
 * OpenAI's responses with `stream: true`: `response.completed`, `.incomplete` or `.failed` is the end, and part of the answer.
 *
 * @example
 * ```tsx
 * import { useSSERequest } from 'eventwire'
 * import { openAIResponses } from 'eventwire/llm'
 *
 * export function Chat() {
 *   const { value, start } = useSSERequest({ url: '/proxy/v1/responses', ...openAIResponses() })
 *   return <button onClick={() => start({ body: { stream: true } })}>{value.text || 'Ask'}</button>
 * }
 * ```
 */
export function openAIResponses(): AnswerFormat<OpenAIResponsesEvent> {
  return {
    decode: chunks(),
    until: ({ type }) => (ENDS.has(type) ? 'last' : false),
    isError: ({ type, raw }) => type === 'error' && (messageIn(raw) ?? errorIn(raw) ?? true),
    initial: NO_ANSWER,
    reduce: (answer, { data }) => {
      const { type, delta = '', item, item_id: itemId = '', response } = data
      if (type === 'response.output_text.delta') return { ...answer, text: answer.text + delta }
      if (type === 'response.refusal.delta') return { ...answer, refusal: answer.refusal + delta }
      if (/^response\.reasoning(_summary)?_text\.delta$/.test(type)) return { ...answer, reasoning: answer.reasoning + delta }
      if (type === 'response.function_call_arguments.delta') return called(answer, itemId, delta)
      if (item?.type === 'function_call') return named(answer, item)
      return response && ENDS.has(type) ? ended(answer, response) : answer
    },
  }
}

type Item = NonNullable<OpenAIResponsesEvent['item']>

function called(answer: Answer, id: string, delta: string): Answer {
  return withToolCall(answer, placeOf(answer, id), (call) => ({ ...call, id, arguments: call.arguments + delta }))
}

function named(answer: Answer, { id = '', name = '', arguments: whole = '' }: Item): Answer {
  return withToolCall(answer, placeOf(answer, id), (call) => ({ id, name: name || call.name, arguments: whole || call.arguments }))
}

function ended(answer: Answer, { status, usage, incomplete_details: incomplete, error }: NonNullable<OpenAIResponsesEvent['response']>): Answer {
  return {
    ...answer,
    stopReason: incomplete?.reason ?? error?.message ?? status ?? 'completed',
    usage: usage ? { inputTokens: usage.input_tokens ?? null, outputTokens: usage.output_tokens ?? null } : answer.usage,
  }
}

/** An error event has its words beside its type. */
function messageIn(raw: string): string | undefined {
  // A seam: whatever it is, only the words are taken out of it.
  return ((parsed(raw) ?? {}) as { message?: string }).message
}
