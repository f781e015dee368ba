import { createSSEClient, createSSERequest } from 'eventwire/core'
import { aiSDKMessages } from 'eventwire/llm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agUIText } from '../../bench/requests/ag-ui.js'
import { textOf, tokensOf } from '../../bench/requests/answer.js'
import type { AnswerServer } from '../../bench/requests/server.js'
import { startServer } from '../../bench/requests/server.js'

let server: AnswerServer
beforeAll(async () => {
  // Any file will do for the page: nobody opens it.
  server = await startServer(import.meta.filename)
})
afterAll(() => server.close())

const TOKENS = 600

/** What a reader of ours makes of the bench's answer. */
async function answer(format: string, rate: number, read: { readonly initial: { readonly text: string } }): Promise<{ text: string; events: number }> {
  const client = createSSEClient()
  const url = `${server.origin}/answer?format=${format}&tokens=${TOKENS}&rate=${rate}`
  // A seam: each format reads events of its own.
  const request = createSSERequest({ url, ...(read as ReturnType<typeof aiSDKMessages>) }, client)
  try {
    const { text } = await request.start({ body: { prompt: 'Go on' } })
    expect(request.getSnapshot()).toMatchObject({ status: 'done', error: null })
    return { text, events: request.getSnapshot().progress.events }
  } finally {
    request.dispose()
    client.closeAll()
  }
}

describe('the answer of the bench for requests', () => {
  it('has everything in it that a wire format has to carry', () => {
    const text = textOf(20_000)
    expect(text).toBe(tokensOf(20_000).join(''))
    for (const part of ['\n', '\n\n', '"', '\\n', '<b>', 'ï']) expect(text).toContain(part)
    expect(text.startsWith(textOf(5_000))).toBe(true)
  })

  // What surrounds the tokens counts, too: `[DONE]` ends the one and is no event, the last event ends the other.
  it.each([
    ['ui-message-stream', aiSDKMessages(), TOKENS + 6],
    ['ag-ui', agUIText, TOKENS + 4],
  ] as const)('is read whole from %s, at once and token by token', async (format, read, events) => {
    for (const rate of [Infinity, 20_000]) expect(await answer(format, rate, read)).toEqual({ text: textOf(TOKENS), events })
  })
})
