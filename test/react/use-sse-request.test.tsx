import { act, render, renderHook, screen } from '@testing-library/react'
import { SSEProvider, useSSERequest } from 'eventwire'
import { json } from 'eventwire/core'
import { StrictMode, useEffect, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { detachedRequests } from '../../src/react/detached-requests.js'
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

  it('what onStop throws goes to the provider that is nearest, as from every callback', async () => {
    const { client, connected, uncaught } = reactHarness()
    const nearest: unknown[] = []
    const { result } = renderHook(() => useSSERequest({ ...CHAT, onStop: () => { throw new Error('mine') } }), {
      wrapper: ({ children }) => (
        <SSEProvider client={client}>
          <SSEProvider onUncaught={(error) => nearest.push(error)}>{children}</SSEProvider>
        </SSEProvider>
      ),
    })
    act(() => void result.current.start())
    await connected()
    act(() => result.current.stop())
    expect([nearest.map(String), uncaught]).toEqual([['Error: mine'], []])
  })

  it('a logout takes what is on screen, of a run that is long done, too', async () => {
    const { client, wrapper, connected, advance } = reactHarness()
    const { result } = renderHook(() => useSSERequest(CHAT), { wrapper })
    act(() => void result.current.start())
    const stream = await connected()
    act(() => (stream.send({ data: { text: 'secret' } }), stream.sendBytes('data: [DONE]\n\n')))
    await advance(16)
    expect(result.current).toMatchObject({ status: 'done', value: 'secret' })
    act(() => client.closeAll())
    expect(result.current).toMatchObject({ status: 'idle', value: '' })
  })

  it('words that nobody shows any more are forgotten', async () => {
    const { client, wrapper, advance } = reactHarness()
    const words = detachedRequests(client)
    const { rerender, unmount } = renderHook(({ detach }) => useSSERequest({ ...CHAT, detach }), { wrapper, initialProps: { detach: 'a' } })
    const made = () => { throw new Error('It was forgotten') }
    const first = words.get('a', made)
    rerender({ detach: 'b' })
    expect(words.get('a', made)).toBe(first)
    await advance(60_000)
    expect(() => words.get('a', made)).toThrow('forgotten')
    unmount()
    await advance(60_000)
    renderHook(() => useSSERequest({ ...CHAT, detach: 'c' }), { wrapper })
    expect(() => words.get('b', made)).toThrow('forgotten')
  })

  it.each<[string, object | null, RegExp]>([
    ['null', null, /Options must be an object, not null/],
    ['detachMs: -1', { ...CHAT, detachMs: -1 }, /detachMs must be 0 or more ms/],
    ['detach: 5', { ...CHAT, detach: 5 }, /detach must be a string/],
    ['live', { ...CHAT, live: true }, /useSSERequest does not take 'live'/],
    ['select', { ...CHAT, select: () => 0 }, /Unknown option 'select'/],
  ])('%s is refused in the render', (_, options, says) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { wrapper } = reactHarness()
    expect(() => renderHook(() => useSSERequest(options as typeof CHAT), { wrapper })).toThrow(says)
  })
})
