/**
 * One long answer of a model, in the wire formats of those who read it here. The same tokens always: with a newline now and
 * then, characters that JSON escapes, and some that are more than one byte or one code unit.
 */
const PIECES = [
  ' the', ' stream', 'ing', ' answer', ',', ' of', ' a', ' model', '.', ' It', ' is', ' long', '\n', ' "quoted"', ' naïve', ' café',
  ' \\n', ' (and', ' token', 's', ' that', ' come', ' one', ' by', ' one', ';', ' nobody', ' knows', ' how', ' many', '!', ' <b>',
] as const

/** The first `count` tokens. */
export function tokensOf(count: number): string[] {
  let seed = 1
  return Array.from({ length: count }, (_, at) => {
    if (at % 250 === 249) return '.\n\n'
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return PIECES[(seed >>> 16) % PIECES.length] ?? ''
  })
}

/** What everyone must show in the end. */
export function textOf(count: number): string {
  return tokensOf(count).join('')
}

/** The formats in which {@link eventsOf} writes an answer. */
export type WireFormat = 'ui-message-stream' | 'ag-ui'

/** The answer as events of a stream, one a token and those around them. */
export function eventsOf(format: WireFormat, count: number): string[] {
  return format === 'ag-ui' ? agUI(tokensOf(count)) : uiMessageStream(tokensOf(count))
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

/** As the AI SDK's `toUIMessageStreamResponse()` answers. */
function uiMessageStream(tokens: readonly string[]): string[] {
  const id = 'txt-0'
  return [
    event({ type: 'start', messageId: 'msg-1' }),
    event({ type: 'start-step' }),
    event({ type: 'text-start', id }),
    ...tokens.map((delta) => event({ type: 'text-delta', id, delta })),
    event({ type: 'text-end', id }),
    event({ type: 'finish-step' }),
    event({ type: 'finish', finishReason: 'stop' }),
    'data: [DONE]\n\n',
  ]
}

/** The AG-UI protocol, which TanStack AI's server helpers answer in. */
function agUI(tokens: readonly string[]): string[] {
  const [run, messageId] = [{ threadId: 'thread-1', runId: 'run-1' }, 'msg-1']
  return [
    event({ type: 'RUN_STARTED', ...run }),
    event({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' }),
    ...tokens.map((delta) => event({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
    event({ type: 'TEXT_MESSAGE_END', messageId }),
    event({ type: 'RUN_FINISHED', ...run, finishReason: 'stop' }),
  ]
}
