import { act, render, screen } from '@testing-library/react'
import { useSSERequest } from 'eventwire'
import { createSSERequest, json } from 'eventwire/core'
import { createMockSSE } from 'eventwire/testing'
import { describe, expect, it } from 'vitest'
import { harness } from '../client/harness.js'

const chat = {
  url: '/chat',
  decode: json<{ text: string }>(),
  initial: '',
  reduce: (text: string, { data }: { data: { text: string } }) => text + data.text,
  until: ({ raw }: { raw: string }) => raw === '[DONE]',
}
const tokens = [{ data: { text: 'Hel' } }, { data: { text: 'lo' } }, '[DONE]']

describe('a scripted answer', () => {
  it('comes at once, and what was asked is read as JSON', async () => {
    const { client, transport } = harness()
    const request = createSSERequest(chat, client)
    const promise = request.start({ body: { prompt: 'hi' } })
    const connection = await transport.attempted()
    expect(connection.request.json()).toEqual({ prompt: 'hi' })
    await connection.answer(tokens)
    expect(await promise).toBe('Hello')
  })

  it('comes by and by in virtual time, and React has rendered each', async () => {
    const sse = createMockSSE('/chat')
    function Chat() {
      const { status, value, start } = useSSERequest(chat)
      return <button onClick={() => void start()}>{`${status} ${value}`}</button>
    }
    render(<Chat />, { wrapper: sse.Provider })
    act(() => screen.getByRole('button').click())
    const connection = await sse.attempted()
    const over = connection.answer(tokens, { everyMs: 100 })
    const shown: (string | null)[] = []
    for (let turn = 0; turn < 3; turn++) {
      await sse.advance(100)
      shown.push(screen.getByRole('button').textContent)
    }
    expect(shown).toEqual(['streaming Hel', 'streaming Hello', 'done Hello'])
    await over
    await sse.verify()
  })

  it('ends early where the client has gone', async () => {
    const { client, clock, transport } = harness()
    const request = createSSERequest(chat, client)
    void request.start()
    const connection = await transport.attempted()
    const over = connection.answer(tokens, { everyMs: 100 })
    await clock.advance(100)
    request.stop()
    await clock.advance(1_000)
    await over
    expect([request.getSnapshot().value, clock.pending]).toEqual(['Hel', 0])
  })

  it('a request without a body says so', async () => {
    const { client, transport } = harness()
    client.subscribe('/events')
    const { request } = await transport.attempted()
    expect(() => request.json()).toThrow(/has no body/)
  })
})
