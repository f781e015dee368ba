/** One message of a conversation, as OpenAI's chat completions take it. */
export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** What answers: the chunks of OpenAI's chat completions, as they come. */
export interface Model {
  /** What the page calls it. */
  readonly name: string
  /** Throws what the vendor says is wrong, before the first chunk or in the middle. */
  ask(messages: readonly Message[], signal: AbortSignal): AsyncIterable<object>
}
