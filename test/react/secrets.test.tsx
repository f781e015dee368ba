import { act, render } from '@testing-library/react'
import type { SSEError } from 'eventwire'
import { createSSEClient, SSEProvider, useSSE, useSSEEvent, useSSEReducer } from 'eventwire'
import { fetchTransport } from 'eventwire/core'
import type { SourceOptions } from 'eventwire/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { webStorage } from '../stream/storages.js'

/** What nobody may read who is not asked for it: one word that is looked for everywhere. */
const SECRET = 'hunter2-hunter2'

const lines: unknown[] = []

beforeEach(() => {
  lines.length = 0
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...said: unknown[]) => void lines.push(...said))
})
afterEach(() => vi.restoreAllMocks())

/** All that shows of a value when it is printed: what is enumerable, however deep, and of errors message, stack and cause. */
function shown(value: unknown, depth = 8, seen = new Set<unknown>(), except = ''): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '' : String(value)
  if (depth === 0 || seen.has(value)) return ''
  seen.add(value)
  const own = value instanceof Error ? [value.message, value.stack ?? '', shown(value.cause, depth - 1, seen)] : []
  const entries = value instanceof Map || value instanceof Set || value instanceof Headers ? [...value] : Object.entries(value)
  const told = entries.filter((entry: unknown) => !Array.isArray(entry) || entry[0] !== except)
  return [...own, ...told.flat(1).map((part: unknown) => shown(part, depth - 1, seen, except))].join('\n')
}

/** As Node prints it; a browser has nothing like it, and shows what `shown` does. */
const util = 'node:util'
const printed = await import(/* @vite-ignore */ util).then(
  // A seam: what no bundler follows has no type.
  ({ inspect }: { inspect(value: unknown, options: object): string }) => (value: unknown) => inspect(value, { depth: 8 }),
  () => shown,
)

/** What a hook of any component on the page holds, as React's devtools show it. */
function hookStates(container: HTMLElement): unknown[] {
  const states: unknown[] = []
  interface Fiber {
    readonly child: Fiber | null
    readonly sibling: Fiber | null
    readonly type: unknown
    readonly memoizedState: Hook | null
  }
  interface Hook {
    readonly memoizedState: unknown
    readonly next?: Hook | null
  }
  const walk = (fiber: Fiber | null) => {
    if (!fiber) return
    // Of function components only: a host's props are the page.
    if (typeof fiber.type === 'function')
      for (let hook: Hook | null | undefined = fiber.memoizedState; hook; hook = hook.next) states.push(hook.memoizedState)
    walk(fiber.child)
    walk(fiber.sibling)
  }
  const key = Object.keys(container).find((name) => name.startsWith('__reactContainer'))
  // A seam: React keeps its tree there, and tells nobody.
  walk((container as unknown as Record<string, Fiber>)[key ?? ''] ?? null)
  return states
}

const DOORS: Record<string, SourceOptions> = {
  'the query': { url: `https://api.test/events?token=${SECRET}` },
  'user info': { url: `https://user:${SECRET}@api.test/events` },
  'user info, leniently': { url: `https:user:${SECRET}@api.test/events` },
  'the fragment': { url: `https://api.test/events#${SECRET}` },
  'a malformed URL': { url: `https://:bad/${SECRET}` },
  'a header': { url: 'https://api.test/events', headers: { Authorization: `Bearer ${SECRET}` } },
  'a header of a function': { url: 'https://api.test/events', headers: () => ({ Authorization: `Bearer ${SECRET}` }) },
  'a header with a line break': { url: 'https://api.test/events', headers: () => ({ 'X-Key': `${SECRET}\nX: 1` }) },
  'a header name': { url: 'https://api.test/events', headers: () => ({ [`${SECRET}\n`]: 'a' }) },
  'the body': { url: 'https://api.test/events', body: { password: SECRET } },
  'the cursor': { url: 'https://api.test/events', lastEventId: `${SECRET}\n` },
  'a cursor in the URL': { url: 'https://api.test/events', lastEventId: SECRET, lastEventIdParam: 'since' },
}

const ANSWERS: Record<string, typeof fetch> = {
  'a stream whose data is not what was meant': async () =>
    new Response(`: ${SECRET}\ndata: ${SECRET}\n\n`, {
      headers: { 'Content-Type': 'text/event-stream', 'Set-Cookie': `session=${SECRET}`, 'X-Token': SECRET },
    }),
  'what is no stream at all': async () =>
    new Response(`{"token":"${SECRET}"}`, { headers: { 'Content-Type': 'text/event-stream' } }),
  'a page that is none': async () => new Response(`<p>${SECRET}</p>`, { headers: { 'Content-Type': `text/html; a=${SECRET}` } }),
  'a refusal that says it back': async () =>
    new Response(`no such token: ${SECRET}`, { status: 403, headers: { 'Set-Cookie': `session=${SECRET}`, 'X-Token': SECRET } }),
  'a fetch that quotes what it was asked for': async (input, init) => {
    const message = `fetch failed: ${shown(input)} ${shown(new Headers(init?.headers))} ${shown(init?.body)}`
    throw Object.assign(new TypeError(message), { cause: Object.assign(new Error(message), { input }) })
  },
}

describe.each(Object.entries(DOORS))('a secret in %s', (_, source) => {
  it.each(Object.entries(ANSWERS))('and %s: it is nowhere that anybody looks', async (__, answer) => {
    const errors: SSEError[] = []
    const facts: unknown[] = []
    const uncaught: unknown[] = []
    const client = createSSEClient({
      transport: fetchTransport({ fetch: answer }),
      retry: { attempts: 0 },
      onUncaught: (error) => uncaught.push(error),
    })
    client.observe((fact) => facts.push(fact))
    const storage = webStorage()
    // What is asked for once has no record.
    const persist = source.body === undefined ? { key: 'events', storage } : undefined
    const said = { ...source, persist, onError: (error: SSEError) => errors.push(error) }
    function Reader() {
      useSSEEvent(said, 'message', () => {})
      useSSEReducer(said, (count: number) => count + 1, 0)
      return <p>{useSSE(said).status}</p>
    }
    const { container, unmount } = render(
      <SSEProvider client={client}>
        <Reader />
      </SSEProvider>,
    )
    await act(() => vi.waitFor(() => expect(`${errors.length} ${client.streams().map(({ status }) => status).join()}`).toMatch(/^[1-9]|closed/)))
    const streams = client.streams()
    const states = hookStates(container)
    expect(states.length).toBeGreaterThan(5)
    // A cursor is a fact of the stream: whoever observes may have it.
    window.dispatchEvent(new Event('pagehide'))
    // A record has the cursor, for who goes on from it.
    const records = [...storage.records].flat().map((text) => text.replace(/"cursor":"[^"]*"/, ''))
    const told = facts.map((fact) => ({ ...(fact as object), cursor: '', event: null }))
    // What development can't read it shows to who develops, and to no log of errors.
    const hints = lines.map((line) => (typeof line === 'string' ? line.replace(/It begins: .*/s, '') : line))
    const everything = [...records, ...errors, ...uncaught, ...hints, streams, told, container.innerHTML]
    const texts = everything.flatMap((value) => [shown(value), JSON.stringify(value) ?? '', printed(value)])
    for (const text of texts) expect(text).not.toContain(SECRET)
    // The cursor is what a snapshot tells: whoever reads the hook may have it.
    for (const state of states) expect(shown(state, 8, new Set(), 'lastEventId')).not.toContain(SECRET)
    // What the answer said is there for who asks for it by name, and for nobody else.
    expect(errors.every((error) => Object.keys(error).every((name) => name !== 'body' && name !== 'headers'))).toBe(true)
    unmount()
  })
})
