import type { DecodeFunction, SeenEvent, SSEEvent } from 'eventwire/core'

/** A tool that the model wants called. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** Its arguments as they came: JSON once the call is whole, the beginning of it until then. */
  readonly arguments: string
}

/** What an answer has cost, as far as the vendor says. */
export interface Usage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** What a model has answered so far, whoever made the model. */
export interface Answer {
  readonly text: string
  /** Its trace of reasoning, where it shows one: never part of the text. */
  readonly reasoning: string
  /** Why it will not answer, where the vendor has words of their own for that. */
  readonly refusal: string
  readonly toolCalls: readonly ToolCall[]
  readonly usage: Usage | null
  /** The vendor's own word for why it stopped; `null` while it goes on. */
  readonly stopReason: string | null
}

/**
 * How a vendor's answers are read: to be spread into `useSSERequest`, `createSSERequest` or any source. Hooks that do not
 * fold ignore `initial` and `reduce`.
 */
export interface AnswerFormat<Chunk> {
  readonly decode: DecodeFunction<Chunk>
  readonly until: (event: SeenEvent) => boolean | 'last'
  readonly isError: (event: SeenEvent) => boolean | string
  readonly initial: Answer
  readonly reduce: (answer: Answer, event: SSEEvent<Chunk>) => Answer
}

export const NO_ANSWER: Answer = Object.freeze({
  text: '',
  reasoning: '',
  refusal: '',
  toolCalls: Object.freeze([]),
  usage: null,
  stopReason: null,
})

/** An answer with a tool call changed, or begun: in the order in which they came. */
export function withToolCall(answer: Answer, at: number, change: (call: ToolCall) => ToolCall): Answer {
  const toolCalls = [...answer.toolCalls]
  toolCalls[at] = change(toolCalls[at] ?? { id: '', name: '', arguments: '' })
  return { ...answer, toolCalls }
}

/** The place of a call that is known by its id; where it is new, the next. */
export function placeOf({ toolCalls }: Answer, id: string): number {
  const at = toolCalls.findIndex((call) => call.id === id)
  return at < 0 ? toolCalls.length : at
}

/** Data as JSON; `undefined` where it is none. */
export function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

/** The words of an error that a vendor sends as JSON inside an answer; `false` where there is none. */
export function errorIn(raw: string): string | false {
  // What most events are is not looked at for long.
  if (!raw.includes('"error"')) return false
  // A seam: whatever it is, only the words are taken out of it.
  const { error } = (parsed(raw) ?? {}) as { error?: string | { message?: string; type?: string } }
  if (!error) return false
  return typeof error === 'string' ? error : (error.message ?? error.type ?? 'The server sent an error')
}

/** A decoder of one's own, so that what is kept of an event is typed. */
export function chunks<Chunk>(): DecodeFunction<Chunk> {
  // A seam: the shape is the vendor's to keep.
  return (raw) => JSON.parse(raw) as Chunk
}
