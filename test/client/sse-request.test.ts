import { createSSERequest, defineSSE, json } from 'eventwire/core'
import { createVirtualPage } from 'eventwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { harness } from './harness.js'

function setup(options: object = {}) {
  const page = createVirtualPage()
  const parts = harness({ page })
  const onStop = vi.fn()
  const request = createSSERequest(
    {
      url: '/chat',
      decode: json<{ text: string }>(),
      initial: '',
      reduce: (text, { data }) => text + data.text,
      until: ({ raw }) => raw === '[DONE]',
      onStop,
      ...options,
    },
    parts.client,
  )
  const statuses: string[] = []
  request.subscribe(() => statuses.push(request.getSnapshot().status))
  return { ...parts, page, request, statuses, onStop }
}

const token = (text: string, id?: string) => ({ data: { text }, ...(id && { id }) })

describe('a request', () => {
  it('is sent when it is started: tokens become a value, and the end is done', async () => {
    const { clock, transport, request, statuses } = setup()
    await clock.advance(1_000)
    expect([request.getSnapshot().status, transport.connections.length]).toEqual(['idle', 0])
    const promise = request.start({ body: { prompt: 'hi' } })
    expect(request.getSnapshot()).toMatchObject({ status: 'starting', value: '', startedAt: 1_000, firstEventAt: null })
    const stream = await transport.connected()
    expect(stream.request).toMatchObject({ method: 'POST', url: '/chat', body: '{"prompt":"hi"}' })
    expect(request.getSnapshot().status).toBe('streaming')
    stream.send(token('Hello'))
    stream.send(token(', you'))
    await clock.advance(16)
    expect(request.getSnapshot()).toMatchObject({ value: 'Hello, you', progress: { events: 2 }, firstEventAt: 1_000 })
    stream.sendBytes('data: [DONE]\n\n')
    expect(await promise).toBe('Hello, you')
    expect(request.getSnapshot()).toMatchObject({ status: 'done', value: 'Hello, you', error: null, endedAt: 1_016 })
    expect(request.getSnapshot().progress.bytes).toBeGreaterThan(40)
    await clock.advance(60_000)
    expect(transport.connections).toHaveLength(1)
    expect([...new Set(statuses)]).toEqual(['starting', 'streaming', 'done'])
    expect(clock.pending).toBe(0)
  })

  it('a second start ends the first: no late token shows, and its promise says so', async () => {
    const { clock, transport, request } = setup()
    const first = request.start()
    const one = await transport.connected()
    one.send(token('old'))
    const second = request.start()
    expect(request.getSnapshot()).toMatchObject({ status: 'starting', value: '' })
    one.send(token('late'))
    const two = await transport.connected()
    two.send(token('new'))
    two.sendBytes('data: [DONE]\n\n')
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect([await second, one.state]).toEqual(['new', 'closed'])
    await clock.advance(16)
    expect(request.getSnapshot().value).toBe('new')
  })

  it('stop() keeps the value, and tells the server', async () => {
    const { clock, transport, request, onStop } = setup()
    const promise = request.start()
    const stream = await transport.connected()
    stream.send(token('half'))
    request.stop()
    expect([await promise, stream.state, onStop.mock.calls]).toEqual(['half', 'closed', [['half']]])
    expect(request.getSnapshot()).toMatchObject({ status: 'stopped', value: 'half', error: null })
    request.stop()
    await clock.advance(60_000)
    expect([onStop.mock.calls.length, clock.pending]).toEqual([1, 0])
  })

  it.each<[string, (stream: Awaited<ReturnType<ReturnType<typeof harness>['transport']['connected']>>) => void, string]>([
    ['breaks', (stream) => stream.drop(), 'interrupted'],
    ['ends before its until', (stream) => stream.end(), 'interrupted'],
    ['ends in the middle of an event', (stream) => (stream.sendBytes('data: {"te'), stream.end()), 'interrupted'],
  ])('an answer that %s has failed: the value stays, nothing is sent again', async (_, act, code) => {
    const { clock, transport, request } = setup()
    const promise = request.start()
    const stream = await transport.connected()
    stream.send(token('half'))
    act(stream)
    await expect(promise).rejects.toMatchObject({ code })
    expect(request.getSnapshot()).toMatchObject({ status: 'failed', value: 'half', error: { code } })
    await clock.advance(60_000)
    expect(transport.connections).toHaveLength(1)
  })

  it('live: false is what it is, and what is not given says nothing: definitions of answers can be spread', () => {
    const answer = defineSSE({ url: '/a', events: { a: 'text' }, live: false, linger: undefined })
    expect(() => createSSERequest({ ...answer, initial: '', reduce: (text: string) => text })).not.toThrow()
  })

  it('where no answer came it is the network that failed', async () => {
    const { transport, request } = setup()
    const promise = request.start()
    ;(await transport.attempted()).drop()
    await expect(promise).rejects.toMatchObject({ code: 'network' })
  })

  it('a refusal has failed, with what the server said as JSON', async () => {
    const { transport, request } = setup()
    const promise = request.start()
    ;(await transport.attempted()).respond(429, { 'Content-Type': 'application/json' }, '{"error":"slower"}')
    const error: unknown = await promise.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'status', status: 429 })
    expect(request.getSnapshot().error?.json()).toEqual({ error: 'slower' })
  })

  it('an event that refuses, too', async () => {
    const { transport, request } = setup({ isError: ({ type, raw }: { type: string; raw: string }) => type === 'error' && raw })
    const promise = request.start()
    const stream = await transport.connected()
    stream.send(token('half'))
    stream.send({ type: 'error', data: 'overloaded' })
    await expect(promise).rejects.toMatchObject({ code: 'refused', message: 'overloaded' })
    expect(request.getSnapshot()).toMatchObject({ status: 'failed', value: 'half' })
  })

  it('a page that freezes in the middle has cut it; one that hides changes nothing', async () => {
    const { transport, request, page } = setup()
    const promise = request.start()
    const stream = await transport.connected()
    page.show(false)
    stream.send(token('half'))
    expect(stream.state).toBe('open')
    page.freeze(true)
    await expect(promise).rejects.toMatchObject({ code: 'interrupted' })
    expect(request.getSnapshot()).toMatchObject({ status: 'failed', value: 'half' })
  })

  it('resume() from a cursor that is too old is refused: what was asked for once is not sent again by itself', async () => {
    const { clock, transport, request } = setup()
    void request.start()
    const stream = await transport.connected()
    stream.send(token('one ', '1'))
    stream.drop()
    const promise = request.resume()
    ;(await transport.attempted()).respond(410)
    await expect(promise).rejects.toMatchObject({ code: 'status', status: 410 })
    await clock.advance(60_000)
    expect([transport.connections.length, request.getSnapshot().value]).toEqual([2, 'one '])
  })

  it('where that was asked for it begins anew, with the value too', async () => {
    const onReset = vi.fn()
    const { clock, transport, request } = setup({ onReset, reset: { statuses: [410] } })
    void request.start()
    const stream = await transport.connected()
    stream.send(token('one ', '1'))
    stream.drop()
    const promise = request.resume()
    const refused = await transport.attempted()
    refused.respond(410)
    await clock.advance(1_000)
    expect(request.getSnapshot()).toMatchObject({ value: '', lastEventId: '' })
    const anew = await transport.connected()
    expect([anew.request.lastEventId, onReset.mock.calls]).toEqual(['', [[{ reason: 'status' }]]])
    anew.send(token('one ', '1'))
    anew.send(token('two', '2'))
    anew.sendBytes('data: [DONE]\n\n')
    expect(await promise).toBe('one two')
  })

  it('resume() goes on from an id and a value that were kept: after a reload', async () => {
    const { transport, request } = setup()
    const promise = request.resume({ lastEventId: '2', value: 'one two ' })
    expect(request.getSnapshot()).toMatchObject({ status: 'starting', value: 'one two ', lastEventId: '2' })
    const stream = await transport.connected()
    expect(stream.request.lastEventId).toBe('2')
    stream.send(token('three', '3'))
    stream.sendBytes('data: [DONE]\n\n')
    expect(await promise).toBe('one two three')
    void request.start()
    expect(request.getSnapshot().value).toBe('')
  })

  it('resume() goes on from the last id, with the value that there is', async () => {
    const { transport, request } = setup()
    void request.start()
    const stream = await transport.connected()
    stream.send(token('one ', '1'))
    stream.send(token('two ', '2'))
    stream.drop()
    expect(request.getSnapshot()).toMatchObject({ status: 'failed', lastEventId: '2' })
    const promise = request.resume()
    expect(request.getSnapshot()).toMatchObject({ status: 'starting', value: 'one two ' })
    const again = await transport.connected()
    expect(again.request.lastEventId).toBe('2')
    again.send(token('three', '3'))
    again.sendBytes('data: [DONE]\n\n')
    expect(await promise).toBe('one two three')
  })

  it('clear() and closeAll() end it, and forget its value', async () => {
    const { client, clock, transport, request } = setup()
    for (const forget of [request.clear, client.closeAll]) {
      const promise = request.start()
      const stream = await transport.connected()
      stream.send(token('secret'))
      forget()
      await expect(promise).rejects.toMatchObject({ name: 'AbortError' })
      await clock.advance(16)
      expect([stream.state, request.getSnapshot()]).toMatchObject(['closed', { status: 'idle', value: '', lastEventId: '' }])
    }
    expect(clock.pending).toBe(0)
  })

  it('a reduce that throws, or gives a promise, has failed', async () => {
    for (const reduce of [() => { throw new Error('mine') }, async () => 'later']) {
      const { transport, request } = setup({ reduce })
      const promise = request.start()
      ;(await transport.connected()).send(token('a'))
      await expect(promise).rejects.toMatchObject({ code: 'callback', message: expect.stringMatching(/^reduce threw: (mine|reduce gave a promise)/) })
    }
  })

  it('a reduce that stops it, or starts another, has the last word', async () => {
    let act = () => {}
    const { clock, transport, request } = setup({
      reduce: (text: string, { data }: { data: { text: string } }) => {
        act()
        return text + data.text
      },
    })
    act = () => request.stop()
    const stopped = request.start()
    ;(await transport.connected()).send(token('a'))
    expect([await stopped, request.getSnapshot().status]).toEqual(['', 'stopped'])
    act = () => {
      act = () => {}
      void request.start()
    }
    const replaced = request.start()
    const old = await transport.connected()
    old.send(token('old'))
    await expect(replaced).rejects.toMatchObject({ name: 'AbortError' })
    // What is asked for within a callback waits for the next task.
    await clock.advance(0)
    ;(await transport.connected()).send(token('new'))
    await clock.advance(16)
    expect(request.getSnapshot()).toMatchObject({ status: 'streaming', value: 'new' })
  })

  it('what can not be sent has failed at once, by name', async () => {
    const { request } = setup()
    await expect(request.start({ url: 'ws://a.test' })).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(/url must be http/) })
    expect(request.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'unsupported' } })
    expect(() => createSSERequest({ url: '/a', initial: 0, reduce: 5 as never })).toThrow(/reduce must be a function/)
  })

  it('a listener that throws stops nobody: not another, and not who sends', async () => {
    const { clock, transport, request, uncaught, statuses } = setup()
    request.subscribe(() => {
      throw new Error('mine')
    })
    const seen: string[] = []
    request.subscribe(() => seen.push(request.getSnapshot().status))
    const promise = request.start()
    const stream = await transport.connected()
    stream.send(token('a'))
    await clock.advance(16)
    stream.sendBytes('data: [DONE]\n\n')
    expect([await promise, [...new Set(seen)]]).toEqual(['a', ['starting', 'streaming', 'done']])
    expect(statuses).toEqual(seen)
    expect(new Set(uncaught.map(String))).toEqual(new Set(['Error: mine']))
  })

  it('one listener that subscribes twice leaves as often', () => {
    const { request } = setup()
    const listener = vi.fn()
    const [leave] = [request.subscribe(listener), request.subscribe(listener)]
    leave()
    void request.start()
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it.each(['start', 'clear'] as const)('%s() shows nothing between the run before it and the next', async (name) => {
    const { transport, request } = setup()
    const first = request.start()
    ;(await transport.connected()).send(token('old'))
    const seen: unknown[] = []
    request.subscribe(() => seen.push(request.getSnapshot()))
    void request[name]()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toMatchObject([{ status: name === 'start' ? 'starting' : 'idle', value: '', endedAt: null }])
  })

  it('who starts another when it hears of the end has the last word', async () => {
    const { clock, transport, request } = setup({ onClose: () => void request.start() })
    const promise = request.start()
    await transport.connected()
    request.stop()
    expect(await promise).toBe('')
    await clock.advance(0)
    expect((await transport.connected()).state).toBe('open')
    expect(request.getSnapshot()).toMatchObject({ status: 'streaming', endedAt: null })
  })

  it('dispose() ends it: it is idle, and its promise is settled', async () => {
    const { clock, transport, request } = setup()
    const promise = request.start()
    const stream = await transport.connected()
    request.dispose()
    await expect(promise).rejects.toMatchObject({ name: 'AbortError', message: 'The request was disposed of' })
    expect([stream.state, request.getSnapshot().status, clock.pending]).toEqual(['closed', 'idle', 0])
  })

  it('closeAll() forgets what is long done: whoever listens hears of it, whoever looks sees it', async () => {
    for (const listens of [true, false]) {
      const { client, transport } = harness()
      const request = createSSERequest({ url: '/chat', decode: 'text', initial: '', reduce: (_, { raw }) => raw }, client)
      const heard = vi.fn()
      const promise = request.start()
      const leave = listens ? request.subscribe(heard) : () => {}
      const stream = await transport.connected()
      stream.send({ data: 'secret' })
      stream.end()
      expect(await promise).toBe('secret')
      heard.mockClear()
      client.closeAll()
      expect([heard.mock.calls.length, request.getSnapshot()]).toMatchObject([listens ? 1 : 0, { status: 'idle', value: '' }])
      leave()
    }
  })

  it('who starts again when closeAll() has forgotten it is left alone', async () => {
    const { client, clock, transport, request } = setup()
    void request.start()
    await transport.connected()
    request.subscribe(() => {
      if (request.getSnapshot().status === 'idle') void request.start()
    })
    client.closeAll()
    await clock.advance(0)
    const stream = await transport.connected()
    stream.send(token('new'))
    expect([stream.state, request.getSnapshot().status]).toEqual(['open', 'streaming'])
  })

  it.each<[string, () => unknown, RegExp]>([
    ['null for options', () => createSSERequest(null as never), /Options must be an object, not null/],
    ['no reduce', () => createSSERequest({ url: '/a', initial: 0 } as never), /createSSERequest needs reduce/],
    ['no initial', () => createSSERequest({ url: '/a', reduce: () => 0 } as never), /createSSERequest needs initial/],
    ['a misspelt option', () => createSSERequest({ url: '/a', initial: 0, reduce: () => 0, untill: () => true } as never), /'untill'.*'until'/],
    ['an option of hooks', () => createSSERequest({ url: '/a', initial: 0, reduce: () => 0, detach: 'a' } as never), /Unknown option 'detach'/],
    ['onStop that is text', () => createSSERequest({ url: '/a', initial: 0, reduce: () => 0, onStop: 'a' as never }), /onStop must be a function/],
    ['a client that is none', () => createSSERequest({ url: '/a', initial: 0, reduce: () => 0 }, 5 as never), /client must be a client/],
    ...['live', 'enabled', 'history', 'keepPreviousData', 'linger', 'persist', 'renew', 'pauseWhenHidden', 'lastEventId'].map(
      (name): [string, () => unknown, RegExp] => [
        name,
        () => createSSERequest({ url: '/a', initial: 0, reduce: () => 0, [name]: true }),
        new RegExp(`createSSERequest does not take '${name}': (a request is sent once|it has an end)`),
      ],
    ),
  ])('%s is refused when it is made', (_, make, says) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(says)
  })
})
