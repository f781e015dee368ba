import type { FetchEventSource } from 'eventwire/fetch-event-source'
import type { MockConnection, SSEServer } from 'eventwire/testing/node'
import { fetchEventSourceTransport } from 'eventwire/fetch-event-source'
import { createSSEServer } from 'eventwire/testing/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AttemptRequest, RecordedAttempt } from '../../src/testing/conformance/recorded-attempt.js'
import { recordAttempt } from '../../src/testing/conformance/recorded-attempt.js'

let server: SSEServer
/** Answers every request from now on. */
let answer: (connection: MockConnection) => void

const undo: (() => unknown)[] = []

beforeEach(async () => {
  answer = ({ send }) => send({ data: 1 })
  server = await createSSEServer({ onConnection: (connection) => answer(connection) })
})

afterEach(async () => {
  for (const one of undo.splice(0)) await one()
  vi.unstubAllGlobals()
  // No connection is left on the server's side.
  await server.verify()
  await server.close()
})

/** Sends that and ends. */
const whole = (text: string) => {
  answer = ({ sendBytes, end }) => {
    sendBytes(text)
    end()
  }
}

function attempt(
  options: Parameters<typeof fetchEventSourceTransport>[0],
  request: AttemptRequest = {},
  onReport?: Parameters<typeof recordAttempt>[2],
): RecordedAttempt {
  const recorded = recordAttempt(fetchEventSourceTransport(options), { url: server.origin, ...request }, onReport)
  undo.unshift(() => recorded.close())
  return recorded
}

const over = ({ kinds }: RecordedAttempt) => vi.waitFor(() => expect(kinds()).toMatch(/(end|fail)$/))

describe('fetch-event-source takes nothing on itself', () => {
  it.each(['end', 'break'] as const)('after an %s it asks no second time, and leaves no timer', async (how) => {
    answer = ({ sendBytes, end }) => {
      sendBytes('retry: 1\ndata: 1\n\n')
      if (how === 'end') end()
    }
    const setTimer = vi.fn(setTimeout)
    vi.stubGlobal('window', { setTimeout: setTimer, clearTimeout })
    const recorded = attempt({}, {}, ({ kind }) => {
      if (kind === 'event' && how === 'break') server.cut()
    })
    await over(recorded)
    expect(recorded.kinds()).toBe(how === 'end' ? 'open event end' : 'open event fail')
    expect(setTimer).not.toHaveBeenCalled()
    await server.connections[0]?.closed
    expect(server.connections).toHaveLength(1)
  })

  it('does not look at whether the page shows', async () => {
    const page = { hidden: true, addEventListener: vi.fn<() => void>(), removeEventListener: vi.fn<() => void>() }
    vi.stubGlobal('document', page)
    whole('data: 1\n\n')
    const recorded = attempt({})
    await over(recorded)
    expect(recorded.kinds()).toBe('open event end')
    expect(page.addEventListener).not.toHaveBeenCalled()
    // What it takes off is the page's own affair, and the page stays.
    expect(page.removeEventListener).toHaveBeenCalled()
    expect(Reflect.get(globalThis, 'document')).toBe(page)
  })

  it.each(['end', 'break', 'hold'] as const)('where there is no page, nobody sees one: %s', async (how) => {
    const seen = new Set<string>()
    const look = () => seen.add(['document', 'window'].map((name) => typeof Reflect.get(globalThis, name)).join(' '))
    if (how === 'end') whole('data: 1\n\n')
    const rejected = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', rejected)
    undo.push(() => process.off('unhandledRejection', rejected))
    const recorded = attempt({}, {}, look)
    await vi.waitFor(() => expect(recorded.of('event')).toHaveLength(1))
    if (how === 'break') server.cut()
    if (how !== 'hold') await over(recorded)
    recorded.close()
    look()
    await Promise.resolve().then(look)
    expect([...seen]).toEqual(['undefined undefined'])
    // Unhandled rejections are told after a turn.
    await new Promise((resolve) => setImmediate(resolve))
    expect(rejected).not.toHaveBeenCalled()
  })

  it('takes back a page that nobody touched', async () => {
    const idle: FetchEventSource = () => new Promise(() => {})
    const library = vi.fn(idle)
    const recorded = attempt({ fetchEventSource: library })
    await vi.waitFor(() => expect(library).toHaveBeenCalled())
    recorded.close()
    // Someone else's, put there in the same tick, stays.
    const other = {}
    Object.assign(globalThis, { document: other })
    await Promise.resolve()
    expect('window' in globalThis).toBe(false)
    expect(Reflect.get(globalThis, 'document')).toBe(other)
    Reflect.deleteProperty(globalThis, 'document')
  })
})

describe('fetch-event-source, what it leaves to us', () => {
  it('ids stick, also over blocks without data; one with NUL is none; an empty one looks like none', async () => {
    const text = 'data: 0\n\nid: a\ndata: 1\n\ndata: 2\n\nid: b\n\nid: c\0\ndata: 3\n\nid:\ndata: 4\n\n: 5\n\nid: b\n\n'
    whole(text)
    const recorded = attempt({}, { lastEventId: 'start' })
    await over(recorded)
    expect(
      recorded.reports.map((one) =>
        one.kind === 'event' ? one.event.lastEventId : one.kind === 'cursor' ? `cursor ${one.lastEventId}` : one.kind,
      ),
    ).toEqual(['open', 'start', 'a', 'a', 'cursor b', 'b', 'b', 'end'])
  })

  it('retry is reported before its event, and not below zero', async () => {
    const text = 'data: 1\nretry: 5\n\nretry: 0\n\nretry: -1\n\nretry: -2\n\nretry: x\n\n'
    whole(text)
    const recorded = attempt({})
    await over(recorded)
    const reports = recorded.reports.map((one) => (one.kind === 'retry' ? one.ms : one.kind))
    expect(reports).toEqual(['open', 5, 'event', 0, 'end'])
  })

  it('close() within retry: the event of the same block is not heard', async () => {
    whole('data: 1\nretry: 5\n\n')
    const recorded = attempt({}, {}, ({ kind }, { close }) => {
      if (kind === 'retry') close()
    })
    await vi.waitFor(() => expect(recorded.of('retry')).toHaveLength(1))
    await server.connections[0]?.closed
    expect([recorded.kinds(), recorded.breaches]).toEqual(['open', []])
  })

  it('tells a server that is not there from a connection that broke', async () => {
    answer = ({ drop }) => drop()
    const absent = attempt({})
    await over(absent)
    answer = ({ open }) => open()
    const broken = attempt({}, {}, () => server.cut())
    await over(broken)
    const messages = [absent, broken].map((recorded) => recorded.of('fail')[0]?.error.message)
    expect(messages).toEqual([expect.stringMatching(/could not be reached/), 'The connection broke'])
  })

  it('a block that is too large fails also without data', async () => {
    answer = ({ sendBytes }) => sendBytes(`id: ${'x'.repeat(11)}\n\n`)
    const recorded = attempt({}, { maxEventSize: 10 })
    await over(recorded)
    expect(recorded.of('fail')[0]?.error).toMatchObject({ code: 'too-large', retryable: false })
  })

  it('a fetch that does not stream says what to do', async () => {
    const response = new Response('data: 1\n\n', { headers: { 'Content-Type': 'text/event-stream' } })
    Object.defineProperty(response, 'body', { value: undefined })
    const recorded = attempt({ fetch: async () => response })
    await over(recorded)
    const error = recorded.of('fail')[0]?.error
    expect(error).toMatchObject({ code: 'unsupported', retryable: false })
    expect(error?.message).toMatch(/\{ fetch \}/)
  })

  it('a response that comes after close() is let go, also when fetch ignores its signal', async () => {
    let respond: (response: Response) => void = () => {}
    const fetch = vi.fn(() => new Promise<Response>((resolve) => (respond = resolve)))
    const recorded = attempt({ fetch })
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled())
    recorded.close()
    const cancel = vi.fn<() => void>()
    respond(new Response(new ReadableStream({ cancel }), { headers: { 'Content-Type': 'text/event-stream' } }))
    await vi.waitFor(() => expect(cancel).toHaveBeenCalled())
    expect(recorded.reports).toEqual([])
  })
})

describe('another implementation of fetchEventSource', () => {
  it('is asked as EventSource asks, and told to keep out of retries and visibility', async () => {
    const library = vi.fn<FetchEventSource>(async () => {})
    await over(
      attempt(
        { fetchEventSource: library, fetch },
        { lastEventId: 'π', headers: { 'X-A': '1' }, method: 'POST', body: 'b', credentials: 'include' },
      ),
    )
    const [url, init] = library.mock.lastCall ?? []
    expect(url).toBe(server.origin)
    expect(init).toMatchObject({
      headers: { accept: 'text/event-stream', 'last-event-id': 'Ï\u0080', 'x-a': '1' },
      method: 'POST',
      body: 'b',
      credentials: 'include',
      cache: 'no-store',
      openWhenHidden: true,
      fetch,
    })
    expect(() => init?.onerror(new Error('broken'))).toThrow('broken')
  })

  it('makes another transport of it, as a fetch does', () => {
    const library: FetchEventSource = async () => {}
    expect(fetchEventSourceTransport().options).toEqual({})
    const options = { fetch, fetchEventSource: library }
    expect(fetchEventSourceTransport(options).options).toEqual(options)
  })

  it.each<[how: string, library: FetchEventSource, kinds: string]>([
    ['resolves', async () => {}, 'end'],
    ['rejects', () => Promise.reject(new Error('broken')), 'fail'],
    [
      'throws',
      () => {
        throw new Error('broken')
      },
      'fail',
    ],
  ])('that %s is over', async (_, library, kinds) => {
    const recorded = attempt({ fetchEventSource: library })
    await over(recorded)
    expect(recorded.kinds()).toBe(kinds)
  })

  it('that goes on after close() is heard no more', async () => {
    const library = vi.fn<FetchEventSource>(() => new Promise(() => {}))
    const recorded = attempt({ fetchEventSource: library })
    await vi.waitFor(() => expect(library).toHaveBeenCalled())
    recorded.close()
    const init = library.mock.lastCall?.[1]
    expect(init?.signal.aborted).toBe(true)
    expect(() => init?.onmessage({ id: '1', event: '', data: '1', retry: 1 })).toThrow(/abort/i)
    await expect(init?.onopen(new Response(null, { status: 204 }))).rejects.toThrow(/abort/i)
    expect(recorded.reports).toEqual([])
  })
})
