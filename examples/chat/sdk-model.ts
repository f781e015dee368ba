import OpenAI from 'openai'
import type { Model } from './model.ts'

export interface SDKModelOptions {
  /** Default: the vendor's own, or `OPENAI_BASE_URL`. */
  baseURL?: string
  /** Default: `OPENAI_API_KEY`. */
  apiKey?: string
  /** Which model to ask for. */
  model: string
}

/** Asks through OpenAI's own SDK, whoever answers. */
export function createSDKModel({ model, ...client }: SDKModelOptions): Model {
  const openai = new OpenAI(client)
  return {
    name: model,
    async *ask(messages, signal) {
      yield* await openai.chat.completions.create(
        { model, messages: [...messages], stream: true, stream_options: { include_usage: true } },
        { signal },
      )
      // The SDK ends an aborted stream as if it were whole.
      signal.throwIfAborted()
    },
  }
}

/** The local model, asked as the vendor is. */
export const createModel = (baseURL: string): Model => createSDKModel({ baseURL, apiKey: 'local', model: 'local' })
