import { act, cleanup, render, renderHook } from '@testing-library/react'
import { SSEProvider, useSSE } from 'eventwire'
import { defineSSE, json } from 'eventwire/core'
import { afterEach, expect, it, vi } from 'vitest'
import { reactHarness } from './setup.js'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it("a provider's decode is for sources without events", async () => {
  const { client, connected, advance } = reactHarness()
  const loads = defineSSE({ url: '/events', events: { load: json<number>() } })
  const Loads = () => <p>{JSON.stringify([useSSE(loads).data, useSSE('/events').data])}</p>
  const { container } = render(
    <SSEProvider client={client} decode="text">
      <Loads />
    </SSEProvider>,
  )
  const stream = await connected()
  act(() => stream.send({ type: 'load', data: 42 }))
  await advance(16)
  expect(container.textContent).toBe('[42,"42"]')
})

it.each<[misuse: () => void, says: RegExp]>([
  // @ts-expect-error a function is no source
  [() => useSSE(() => '/events'), /pass \{ url: \(\) => … \}/],
  // @ts-expect-error no url
  [() => useSSE({ history: 3 }), /has no url/],
  // @ts-expect-error `false` is no policy
  [() => useSSE('/events', { retry: false }), /pass retry: \{ attempts: 0 \}/],
  // @ts-expect-error the function that makes a decoder is none
  [() => useSSE('/events', { decode: json, onInvalid: 'ignore' }), /call it: json\(\)/],
])('%s throws, with the way out', (misuse, says) => {
  const { wrapper } = reactHarness()
  vi.spyOn(console, 'error').mockReturnValue()
  expect(() => renderHook(misuse, { wrapper })).toThrow(says)
})

it('names a prop of a provider that does not exist', () => {
  const { client } = reactHarness()
  vi.spyOn(console, 'error').mockReturnValue()
  const Reader = () => <p>{useSSE('/events').status}</p>
  // A seam: JavaScript does not see types.
  const typo = { baseURL: '/api' } as object
  const tree = (
    <SSEProvider client={client} {...typo}>
      <Reader />
    </SSEProvider>
  )
  expect(() => render(tree)).toThrow(/Did you mean 'baseUrl'\?/)
})
