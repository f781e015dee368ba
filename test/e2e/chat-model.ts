import { openSSE } from 'eventwire/core'
import { openAIChat } from 'eventwire/llm'
import type { Model } from '../../examples/chat/model.js'

/** Asks a server of OpenAI's chat completions without the vendor's SDK; `npm run test:chat` puts that in its place. */
export function createModel(baseURL: string): Model {
  const { decode, until, isError } = openAIChat()
  return {
    name: 'local',
    async *ask(messages, signal) {
      const answer = openSSE({
        url: `${baseURL}/chat/completions`,
        headers: { Authorization: 'Bearer local' },
        body: { model: 'local', messages: [...messages], stream: true, stream_options: { include_usage: true } },
        decode,
        until,
        isError,
        signal,
      })
      for await (const { data } of answer) yield data
      signal.throwIfAborted()
    },
  }
}
