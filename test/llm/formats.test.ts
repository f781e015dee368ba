import type { Answer, AnswerFormat } from 'eventwire/llm'
import { createSSERequest } from 'eventwire/core'
import { aiSDKMessages, anthropicMessages, geminiContent, openAIChat, openAIResponses } from 'eventwire/llm'
import { describe, expect, it } from 'vitest'
import { harness } from '../client/harness.js'

const event = (data: unknown, type = '') => `${type && `event: ${type}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const typed = (data: { type: string }) => event(data, data.type)
const chat = (delta: object, rest: object = {}) => event({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null, ...rest }] })

type Format = () => AnswerFormat<unknown>
/** A seam: each format reads its own events, which are told apart here by nobody. */
const any = <C>(format: () => AnswerFormat<C>) => format as unknown as Format
const NOTHING = { text: '', reasoning: '', refusal: '', toolCalls: [], usage: null, stopReason: null }

/** Each vendor's stream, whole, and what it amounts to. */
const VENDORS: Record<string, { format: Format; stream: string; answer: Answer; error: string; says: RegExp }> = {
  openAIChat: {
    format: any(openAIChat),
    stream:
      chat({ role: 'assistant', content: '' }) +
      chat({ reasoning_content: 'Hm. ' }) +
      chat({ content: 'Hello' }) +
      ': ping\n\n' +
      chat({ content: ', 世界' }) +
      chat({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] }) +
      chat({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }) +
      chat({ tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] }) +
      chat({}, { finish_reason: 'tool_calls' }) +
      event({ id: 'c', choices: [], usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 } }) +
      event('[DONE]'),
    answer: {
      ...NOTHING,
      text: 'Hello, 世界',
      reasoning: 'Hm. ',
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }],
      usage: { inputTokens: 9, outputTokens: 12 },
      stopReason: 'tool_calls',
    },
    error: event({ error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit' } }),
    says: /^Rate limit reached$/,
  },
  openAIResponses: {
    format: any(openAIResponses),
    stream:
      typed({ type: 'response.created', response: { status: 'in_progress' } } as { type: string }) +
      typed({ type: 'response.reasoning_summary_text.delta', delta: 'Hm. ' } as { type: string }) +
      typed({ type: 'response.output_item.added', item: { type: 'message', id: 'msg_1' } } as { type: string }) +
      typed({ type: 'response.output_text.delta', item_id: 'msg_1', delta: 'Hello' } as { type: string }) +
      typed({ type: 'response.output_text.delta', item_id: 'msg_1', delta: '!' } as { type: string }) +
      typed({ type: 'response.output_item.added', item: { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '' } } as { type: string }) +
      typed({ type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '{"city":' } as { type: string }) +
      typed({ type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '"Oslo"}' } as { type: string }) +
      typed({ type: 'response.output_item.done', item: { type: 'function_call', id: 'fc_1', name: 'weather', arguments: '{"city":"Oslo"}' } } as { type: string }) +
      typed({ type: 'response.completed', response: { status: 'completed', usage: { input_tokens: 9, output_tokens: 12 } } } as { type: string }),
    answer: {
      ...NOTHING,
      text: 'Hello!',
      reasoning: 'Hm. ',
      toolCalls: [{ id: 'fc_1', name: 'weather', arguments: '{"city":"Oslo"}' }],
      usage: { inputTokens: 9, outputTokens: 12 },
      stopReason: 'completed',
    },
    error: typed({ type: 'error', code: 'server_error', message: 'The server had an error' } as { type: string }),
    says: /^The server had an error$/,
  },
  anthropicMessages: {
    format: any(anthropicMessages),
    stream:
      typed({ type: 'message_start', message: { id: 'msg_1', usage: { input_tokens: 9, output_tokens: 1 } } } as { type: string }) +
      typed({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } } as { type: string }) +
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm. ' } } as { type: string }) +
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'abc' } } as { type: string }) +
      typed({ type: 'content_block_stop', index: 0 } as { type: string }) +
      typed({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } } as { type: string }) +
      typed({ type: 'ping' }) +
      typed({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hello!' } } as { type: string }) +
      typed({ type: 'content_block_stop', index: 1 } as { type: string }) +
      typed({ type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} } } as { type: string }) +
      typed({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"city":' } } as { type: string }) +
      typed({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '"Oslo"}' } } as { type: string }) +
      typed({ type: 'content_block_stop', index: 2 } as { type: string }) +
      typed({ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 12 } } as { type: string }) +
      typed({ type: 'message_stop' }),
    answer: {
      ...NOTHING,
      text: 'Hello!',
      reasoning: 'Hm. ',
      toolCalls: [{ id: 'toolu_1', name: 'weather', arguments: '{"city":"Oslo"}' }],
      usage: { inputTokens: 9, outputTokens: 12 },
      stopReason: 'tool_use',
    },
    error: typed({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } as { type: string }),
    says: /^Overloaded$/,
  },
  geminiContent: {
    format: any(geminiContent),
    stream:
      event({ candidates: [{ content: { parts: [{ text: 'Hm. ', thought: true }], role: 'model' }, index: 0 }] }) +
      event({ candidates: [{ content: { parts: [{ text: 'Hello' }], role: 'model' }, index: 0 }] }) +
      event({
        candidates: [{ content: { parts: [{ text: '!' }, { functionCall: { name: 'weather', args: { city: 'Oslo' } } }] }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 12 },
      }),
    answer: {
      ...NOTHING,
      text: 'Hello!',
      reasoning: 'Hm. ',
      toolCalls: [{ id: '', name: 'weather', arguments: '{"city":"Oslo"}' }],
      usage: { inputTokens: 9, outputTokens: 12 },
      stopReason: 'STOP',
    },
    error: event({ error: { code: 503, message: 'The model is overloaded', status: 'UNAVAILABLE' } }),
    says: /^The model is overloaded$/,
  },
  aiSDKMessages: {
    format: any(aiSDKMessages),
    stream:
      event({ type: 'start', messageId: 'm1' }) +
      event({ type: 'reasoning-start', id: 'r1' }) +
      event({ type: 'reasoning-delta', id: 'r1', delta: 'Hm. ' }) +
      event({ type: 'text-start', id: 't1' }) +
      event({ type: 'text-delta', id: 't1', delta: 'Hello' }) +
      event({ type: 'text-delta', id: 't1', delta: '!' }) +
      event({ type: 'text-end', id: 't1' }) +
      event({ type: 'tool-input-start', toolCallId: 'call_1', toolName: 'weather' }) +
      event({ type: 'tool-input-delta', toolCallId: 'call_1', inputTextDelta: '{"city":' }) +
      event({ type: 'tool-input-available', toolCallId: 'call_1', toolName: 'weather', input: { city: 'Oslo' } }) +
      event({ type: 'tool-output-error', toolCallId: 'call_1', errorText: 'no such city' }) +
      event({ type: 'finish' }) +
      event('[DONE]'),
    answer: {
      ...NOTHING,
      text: 'Hello!',
      reasoning: 'Hm. ',
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }],
      stopReason: 'stop',
    },
    error: event({ type: 'error', errorText: 'The model failed' }),
    says: /^The model failed$/,
  },
}

async function ask(format: Format) {
  const { client, clock, transport } = harness()
  const request = createSSERequest({ url: '/answer', ...format() }, client)
  const promise = request.start()
  return { request, promise, clock, stream: await transport.connected() }
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe.each(Object.entries(VENDORS))('%s', (_, { format, stream: text, answer, error, says }) => {
  const whole = bytesOf(text)

  it('reads the whole answer, whatever byte it is cut at', async () => {
    for (let at = 0; at <= whole.length; at++) {
      const { promise, stream } = await ask(format)
      stream.sendBytes(whole.subarray(0, at))
      stream.sendBytes(whole.subarray(at))
      expect(await promise).toEqual(answer)
    }
  })

  it('byte by byte', async () => {
    const { promise, stream } = await ask(format)
    for (let at = 0; at < whole.length; at++) stream.sendBytes(whole.subarray(at, at + 1))
    expect(await promise).toEqual(answer)
  })

  it('what stops short of its end is interrupted, and keeps what came', async () => {
    const blocks = text.split(/(?<=\n\n)/)
    for (let count = 1; count < blocks.length; count++) {
      const { promise, stream, request } = await ask(format)
      stream.sendBytes(blocks.slice(0, count).join(''))
      stream.end()
      await expect(promise).rejects.toMatchObject({ code: 'interrupted' })
      expect(answer.text.startsWith(request.getSnapshot().value.text)).toBe(true)
    }
  })

  it("an error in the middle is refused, in the server's words, and keeps what came", async () => {
    const { promise, stream, request } = await ask(format)
    const [first = ''] = text.split(/(?<=\n\n)/)
    stream.sendBytes(first + error)
    const thrown: unknown = await promise.catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ code: 'refused', message: expect.stringMatching(says) })
    expect(request.getSnapshot().status).toBe('failed')
  })

  it('an event that nobody knows is kept out, and not fatal', async () => {
    const { promise, stream } = await ask(format)
    stream.sendBytes(event({ type: 'something.new', choices: [], candidates: [] }, 'something.new') + text)
    expect(await promise).toEqual(answer)
  })
})

it('a prompt that Gemini blocks ends with its reason', async () => {
  const { promise, stream } = await ask(any(geminiContent))
  stream.sendBytes(event({ promptFeedback: { blockReason: 'SAFETY' } }))
  expect(await promise).toMatchObject({ text: '', stopReason: 'SAFETY' })
})

it('an answer of OpenAI that is cut by its limit says so', async () => {
  const { promise, stream } = await ask(any(openAIResponses))
  stream.sendBytes(typed({ type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } } as { type: string }))
  expect(await promise).toMatchObject({ stopReason: 'max_output_tokens' })
})

it('a refusal is apart from the text', async () => {
  const { promise, stream } = await ask(any(openAIChat))
  stream.sendBytes(chat({ refusal: "I can't help" }) + chat({}, { finish_reason: 'stop' }) + event('[DONE]'))
  expect(await promise).toMatchObject({ text: '', refusal: "I can't help", stopReason: 'stop' })
})
