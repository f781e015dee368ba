import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Message } from './model.ts'
import { openEventStream } from './event-stream.ts'
import { BadRequest, jsonBody, sendError } from './json-body.ts'
import { endServer, listen } from './listen.ts'

export interface LocalModelOptions {
  /** Calls `write` for every token, until the function that it gives is called. Default: every 30 ms. */
  pace?: (write: () => void) => () => void
}

/** A server that speaks OpenAI's chat completions. Its model is a few templates: one question has one answer. */
export interface LocalModel {
  /** Answers that it is writing now. */
  writing(): number
  /** Gives the base URL for a client of OpenAI's. */
  listen(port?: number): Promise<string>
  close(): Promise<void>
}

/** What the model says in the middle of an answer to a question that asks it to fail. */
export const FAILURE = 'The model ran out of memory in the middle of its answer.'

const steadily: NonNullable<LocalModelOptions['pace']> = (write) => {
  const timer = setInterval(write, 30)
  return () => clearInterval(timer)
}

const PARAGRAPHS = [
  'Server-Sent Events are one HTTP response that does not end: the server writes a few lines of text for every event, and the browser reads them as they come. There is no handshake, no framing in bytes, and no second protocol to secure. What carries your pages carries your events.',
  'Every event may bear an id. A client that lost its connection asks again and names the last id that it has seen, in the header Last-Event-ID. A server that keeps what it has sent for a while goes on with the very next event, so that nothing is missing and nothing comes twice.',
  'An answer of a language model is a stream with an end. That end has to be said, in a word of its own: a connection that closes by itself may as well have broken, and half an answer must never look like a whole one. OpenAI says [DONE]; what stops short of it was interrupted.',
  'Nobody reads a word sixty times. What arrives within one frame is shown in one frame, and a screen reader is told of the answer once, when it is finished: until then it is busy.',
]

/** The whole text of the answer to a conversation: the same for the same. */
export function answerTo(messages: readonly Message[]): string {
  const question = messages.at(-1)?.content.trim() ?? ''
  const turn = messages.filter(({ role }) => role === 'user').length
  const length = /\b(long|length)\b/i.test(question) ? 12 : 2
  // Which paragraph comes first depends on every letter of the question.
  const first = Array.from(question).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, turn)
  const paragraphs = Array.from({ length }, (_, index) => PARAGRAPHS[(first + index) % PARAGRAPHS.length])
  return [`“${question}” – question ${turn} of this conversation.`, ...paragraphs].join('\n\n')
}

/** Parts of words and the space before them: something like what models write in. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S{1,6}/g) ?? []
}

export function createLocalModel({ pace = steadily }: LocalModelOptions = {}): LocalModel {
  let writing = 0
  let answers = 0

  async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
      throw new BadRequest(404, 'This model knows POST /v1/chat/completions.')
    if (!/^Bearer \S/.test(request.headers.authorization ?? '')) throw new BadRequest(401, 'You did not provide an API key.')
    // A seam: what is asked of it is looked at below, as far as it is used.
    const body = (await jsonBody(request)) as { messages?: Message[]; stream?: boolean; model?: string } | null
    if (!body?.stream) throw new BadRequest(400, 'This model streams: ask it with "stream": true.')
    const { messages = [], model = 'local' } = body
    if (typeof messages.at(-1)?.content !== 'string') throw new BadRequest(400, 'There are no messages to answer.')

    const text = answerTo(messages)
    const tokens = tokensOf(text)
    const fails = /\bfail/i.test(messages.at(-1)?.content ?? '')
    const chunk = { id: `chatcmpl-${++answers}`, object: 'chat.completion.chunk', created: 1_767_600_000, model }
    const chunks: object[] = [{ role: 'assistant', content: '' }, ...tokens.map((content) => ({ content }))].map((delta) => ({
      ...chunk,
      choices: [{ index: 0, delta, finish_reason: null }],
    }))
    if (fails) chunks.splice(Math.ceil(chunks.length / 2), Infinity, { error: { message: FAILURE, type: 'server_error', param: null, code: null } })
    else {
      const prompt_tokens = messages.flatMap(({ content }) => tokensOf(content)).length
      const usage = { prompt_tokens, completion_tokens: tokens.length, total_tokens: prompt_tokens + tokens.length }
      chunks.push({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, { ...chunk, choices: [], usage })
    }

    writing++
    let at = 0
    const stream = openEventStream(request, response, () => {
      rest()
      writing--
    })
    const rest = pace(() => {
      const next = chunks[at++]
      if (next) return stream.send({ data: JSON.stringify(next) })
      if (!fails) stream.send({ data: '[DONE]' })
      stream.end()
      rest()
    })
  }

  const http = createServer((request, response) => {
    complete(request, response).catch((error: unknown) => sendError(response, error))
  })
  return {
    writing: () => writing,
    listen: async (port = 0) => `${await listen(http, port)}/v1`,
    close: () => endServer(http),
  }
}
