import { act, render } from '@testing-library/react'
import { SSEProvider, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import type { SSESource } from 'eventwire'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reactHarness } from './setup.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** The options that development named; each message comes once. */
const named = new Set<string>()

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation((message: string) => {
    const [, option] = /the option '(\w+)' is another one in every render/.exec(message) ?? []
    if (option) named.add(option)
  })
})

let serial = 0
/** What is another one in every render, by what is written inline. */
const UNSTEADY: Record<string, { option: string; source: () => SSESource }> = {
  FormData: { option: 'body', source: () => ({ url: '/events', body: new FormData() }) },
  'a typed array': { option: 'body', source: () => ({ url: '/events', body: new Uint8Array([1]) }) },
  'a blob': { option: 'body', source: () => ({ url: '/events', body: new Blob(['a']) }) },
  'a random header': { option: 'headers', source: () => ({ url: '/events', headers: { 'X-Request-Id': `${serial++}` } }) },
  'a random query': { option: 'url', source: () => `/events?t=${serial++}` },
  'the time': { option: 'body', source: () => ({ url: '/events', body: { at: serial++ } }) },
}

/** Renders it over a server that answers every attempt with events; gives how many requests came. */
async function run(hook: (source: SSESource) => void, source: () => SSESource, rounds = 30, rerenders = false) {
  const { client, transport, clock } = reactHarness()
  function Component() {
    hook(source())
    return null
  }
  const tree = () => (
    <SSEProvider client={client}>
      <Component />
    </SSEProvider>
  )
  const { rerender, unmount } = render(tree())
  const round = async () => {
    await act(async () => {
      for (const connection of transport.connections) if (connection.state === 'pending') connection.open()
      for (const connection of transport.connections) if (connection.state === 'open') connection.send({ data: 1 })
      await clock.advance(20)
    })
    if (rerenders) rerender(tree())
  }
  for (let time = 0; time < rounds; time++) await round()
  unmount()
  await clock.advance(0)
  return { requests: transport.connections.length, open: transport.connections.filter(({ state }) => state !== 'closed').length, pending: clock.pending }
}

describe.each(Object.entries(UNSTEADY))('%s written inline', (_, { option, source }) => {
  afterAll(() => expect([...named]).toContain(option))

  it.each<[string, (source: SSESource) => void]>([
    ['useSSE', (given) => void useSSE(given)],
    ['useSSEReducer', (given) => void useSSEReducer(given, (count: number) => count + 1, 0)],
  ])('under %s drives no loop, and development names the option', async (name, hook) => {
    const { requests, open, pending } = await run(hook, source)
    expect(requests).toBeLessThanOrEqual(name === 'useSSE' ? 5 : 6)
    expect([open, pending]).toEqual([0, 0])
  })

  it('in production neither', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { requests } = await run((given) => void useSSE(given), source)
    expect(requests).toBeLessThanOrEqual(5)
  })
})

it('under useSSEEvent another FormData in every render of the parent is five requests, and no more', async () => {
  const form = UNSTEADY['FormData']?.source ?? (() => null)
  const { requests } = await run((given) => useSSEEvent(given, 'message', () => {}), form, 40, true)
  expect(requests).toBeLessThanOrEqual(6)
})

describe('what changes because somebody means it', () => {
  it.each([
    ['a search box at 20 keys a second', 50, (n: number) => `/search?q=${'abcdefghijklmnop'.slice(0, n)}`],
    ['a route swap', 16, (n: number) => `/room/${n % 3}`],
    ['a new token', 30, (n: number): SSESource => ({ url: '/events', headers: { Authorization: `t${n}` } })],
    ['another form', 200, (n: number): SSESource => ({ url: '/events', body: forms[n] ?? null })],
  ])('%s: each connects at once', async (_, every, sourceOf) => {
    const { client, transport, clock } = reactHarness()
    const Component = ({ n }: { n: number }) => <p>{String(useSSE(sourceOf(n)).data)}</p>
    const tree = (n: number) => (
      <SSEProvider client={client}>
        <Component n={n} />
      </SSEProvider>
    )
    const { rerender, unmount } = render(tree(0))
    for (let n = 1; n <= 12; n++) {
      await act(async () => {
        await clock.advance(every / 2)
        const attempt = transport.connections.at(-1)
        attempt?.open()
        attempt?.send({ data: n })
        await clock.advance(every / 2)
      })
      rerender(tree(n))
      await act(() => clock.advance(0))
      expect(transport.connections).toHaveLength(n + 1)
    }
    unmount()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })

  const forms = Array.from({ length: 13 }, () => new FormData())
})

it('an identity that was kept from changing follows again once two renders agree', async () => {
  const { client, transport, clock } = reactHarness()
  const last = new FormData()
  const Component = ({ steady }: { steady: boolean }) => (
    <p>{useSSE({ url: '/events', body: steady ? last : new FormData() }).status}</p>
  )
  const tree = (steady: boolean) => (
    <SSEProvider client={client}>
      <Component steady={steady} />
    </SSEProvider>
  )
  const { rerender, unmount } = render(tree(false))
  const rounds = async (count: number) => {
    for (let time = 0; time < count; time++)
      await act(async () => {
        for (const connection of transport.connections) if (connection.state === 'pending') connection.open()
        await clock.advance(20)
      })
  }
  await rounds(20)
  const before = transport.connections.length
  rerender(tree(true))
  rerender(tree(true))
  await rounds(2)
  expect(transport.connections).toHaveLength(before + 1)
  unmount()
})
