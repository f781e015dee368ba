import { act, render, renderHook, screen } from '@testing-library/react'
import { SSEProvider, useSSERequest } from 'eventwire'
import { json } from 'eventwire/core'
import { StrictMode, useEffect, useState } from 'react'
import { describe, expect, it } from 'vitest'
import { reactHarness } from './setup.js'

const CHAT = {
  url: '/chat',
  decode: json<{ text: string }>(),
  initial: '',
  reduce: (text: string, { data }: { data: { text: string } }) => text + data.text,
  until: ({ raw }: { raw: string }) => raw === '[DONE]',
}

describe('useSSERequest', () => {
  it('renders the answer as it comes, and its methods stay the same', async () => {
    const { wrapper, connected, advance } = reactHarness()
    const { result } = renderHook(() => useSSERequest({ ...CHAT }), { wrapper })
    const { start } = result.current
    expect(result.current).toMatchObject({ status: 'idle', value: '' })
    act(() => void start({ body: { prompt: 'hi' } }))
    expect(result.current.status).toBe('starting')
    const stream = await connected()
    act(() => stream.send({ data: { text: 'Hello' } }))
    await advance(16)
    expect(result.current).toMatchObject({ status: 'streaming', value: 'Hello' })
    act(() => stream.sendBytes('data: [DONE]\n\n'))
    expect(result.current).toMatchObject({ status: 'done', value: 'Hello' })
    expect(result.current.start).toBe(start)
  })

  it('under StrictMode an effect that starts it sends it once, and unmounting ends it', async () => {
    const { client, clock, transport, connected } = reactHarness()
    function Chat() {
      const { status, start } = useSSERequest(CHAT)
      useEffect(() => void start(), [start])
      return <p>{status}</p>
    }
    const { unmount } = render(
      <StrictMode>
        <SSEProvider client={client}>
          <Chat />
        </SSEProvider>
      </StrictMode>,
    )
    const stream = await connected()
    await act(() => clock.advance(1_000))
    expect([transport.connections.length, screen.getByText('streaming')]).toEqual([1, expect.anything()])
    unmount()
    await act(() => clock.advance(0))
    expect([stream.state, client.streams(), clock.pending]).toEqual(['closed', [], 0])
  })

  it('a run that is detached goes on while nobody shows it, and is there for the next; for a minute', async () => {
    const { wrapper, connected, advance, clock } = reactHarness()
    const Chat = () => {
      const { status, value, start } = useSSERequest({ ...CHAT, detach: 'answer' })
      return <button onClick={() => void start()}>{`${status} ${value}`}</button>
    }
    let show: (shown: boolean) => void = () => {}
    const Page = () => {
      const [shown, setShown] = useState(true)
      show = setShown
      return shown ? <Chat /> : null
    }
    render(<Page />, { wrapper })
    act(() => screen.getByRole('button').click())
    const stream = await connected()
    act(() => stream.send({ data: { text: 'Hel' } }))
    act(() => show(false))
    await advance(30_000)
    act(() => stream.send({ data: { text: 'lo' } }))
    act(() => show(true))
    expect(screen.getByRole('button').textContent).toBe('streaming Hello')
    act(() => show(false))
    await advance(60_000)
    expect([stream.state, clock.pending]).toEqual(['closed', 0])
    act(() => show(true))
    expect(screen.getByRole('button').textContent).toBe('idle ')
  })

  it('two at a time under one word are a mistake that is told', () => {
    const { wrapper, uncaught } = reactHarness()
    const Chat = () => <p>{useSSERequest({ ...CHAT, detach: 'word' }).status}</p>
    render(
      <>
        <Chat />
        <Chat />
      </>,
      { wrapper },
    )
    expect(uncaught.map(String)).toEqual([expect.stringMatching(/give each useSSERequest a detach of its own/)])
  })

  it('starts with the newest options, and with what a provider says', async () => {
    const { client, transport } = reactHarness()
    const Chat = ({ token }: { token: string }) => {
      const { start } = useSSERequest({ ...CHAT, headers: { 'X-Own': token } })
      return <button onClick={() => void start()}>start</button>
    }
    const Page = ({ token }: { token: string }) => (
      <SSEProvider client={client} headers={{ Authorization: `Bearer ${token}` }} baseUrl="/api">
        <Chat token={token} />
      </SSEProvider>
    )
    const { rerender } = render(<Page token="a" />)
    rerender(<Page token="b" />)
    act(() => screen.getByRole('button').click())
    const { request } = await act(() => transport.attempted())
    expect(request).toMatchObject({ url: '/api/chat', headers: { authorization: 'Bearer b', 'x-own': 'b' } })
  })
})
