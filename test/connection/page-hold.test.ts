import { createVirtualPage } from 'eventwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { harness } from '../client/harness.js'

function setup(options: Parameters<typeof harness>[0] = {}) {
  const page = createVirtualPage()
  return { page, ...harness({ page, ...options }) }
}

describe('what the server asked to wait', () => {
  it.each(['visibility', 'network'] as const)('outlasts a page that comes and goes (%s)', async (by) => {
    const { client, clock, page, transport } = setup({ pauseWhenHidden: true })
    const reader = client.subscribe('/events')
    ;(await transport.attempted()).respond(503, { 'Retry-After': '60' })
    const switchTo = (there: boolean) => (by === 'visibility' ? page.show(there) : page.goOnline(there))
    for (let turn = 0; turn < 5; turn++) {
      switchTo(false)
      expect(reader.getSnapshot().status).toBe('paused')
      await clock.advance(1_000)
      switchTo(true)
      await clock.advance(1_000)
    }
    expect(reader.getSnapshot()).toMatchObject({ status: 'connecting', retryAt: 60_000 })
    expect(transport.connections).toHaveLength(1)
    await clock.advance(50_000)
    expect(transport.connections).toHaveLength(2)
  })
})

describe('a page that goes away', () => {
  it.each([
    ['freezes and thaws', 'freeze'],
    ['is left and comes back', 'leave'],
  ] as const)('that %s lets go, and resumes from the cursor at once', async (_, how) => {
    const { client, clock, page, transport } = setup()
    const onError = vi.fn()
    const onClose = vi.fn()
    const reader = client.subscribe('/events', { onError, onClose })
    const first = await transport.connected()
    first.send({ id: '7', data: 1 })
    if (how === 'freeze') page.freeze(true)
    else page.leave()
    expect(first.state).toBe('closed')
    expect(reader.getSnapshot()).toMatchObject({ status: 'paused', data: 1, error: null, retryAt: null })
    await clock.advance(120_000)
    expect(transport.connections).toHaveLength(1)
    if (how === 'freeze') page.freeze(false)
    else page.comeBack()
    const second = await transport.connected()
    expect(second.request.lastEventId).toBe('7')
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', error: null })
    expect([onError.mock.calls, onClose.mock.calls]).toEqual([[], []])
  })

  it('sends nothing twice that is not a live GET', async () => {
    const { client, clock, page, transport } = setup()
    client.subscribe('/ask', { body: { q: 1 } })
    client.subscribe('/live', { body: { q: 2 }, live: true })
    const streams = [await transport.connected(), await transport.connected()]
    page.freeze(true)
    page.freeze(false)
    page.leave()
    page.comeBack()
    await clock.advance(1_000)
    expect(streams.map(({ state }) => state)).toEqual(['open', 'open'])
    expect(transport.connections).toHaveLength(2)
  })

  it('close() wins while it is away, and a stream that starts then waits for it', async () => {
    const { client, clock, page, transport } = setup()
    const reader = client.subscribe('/events')
    await transport.connected()
    page.freeze(true)
    reader.close()
    page.freeze(false)
    await clock.advance(1_000)
    expect(reader.getSnapshot().status).toBe('closed')
    page.freeze(true)
    reader.open()
    expect(reader.getSnapshot().status).toBe('paused')
    await clock.advance(1_000)
    expect(transport.connections).toHaveLength(1)
    page.freeze(false)
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })

  it('a stream that nobody reads any more is gone, and nothing is left', async () => {
    const { client, clock, page, transport } = setup({ pauseWhenHidden: 5_000 })
    const reader = client.subscribe('/events')
    await transport.connected()
    page.show(false)
    page.freeze(true)
    reader.unsubscribe()
    await clock.advance(0)
    expect([clock.pending, page.listeners, client.streams()]).toEqual([0, 0, []])
    page.freeze(false)
    await clock.advance(10_000)
    expect(transport.connections).toHaveLength(1)
  })

  it('goes back and forth without a storm', async () => {
    const { client, clock, page, transport } = setup()
    client.subscribe('/events')
    await transport.connected()
    for (let time = 0; time < 100; time++) {
      page.freeze(true)
      page.freeze(false)
      await clock.advance(5)
    }
    expect(transport.connections.length).toBeLessThanOrEqual(7)
  })
})

describe('pauseWhenHidden', () => {
  it.each([
    [true, 0],
    [5_000, 5_000],
  ])('%s: lets go after %i ms out of sight, and comes back when it shows', async (pauseWhenHidden, grace) => {
    const { client, clock, page, transport } = setup({ pauseWhenHidden })
    const reader = client.subscribe('/events')
    const first = await transport.connected()
    first.send({ id: '7', data: 1 })
    page.show(false)
    await clock.advance(Math.max(grace - 1, 0))
    expect(first.state).toBe(grace > 0 ? 'open' : 'closed')
    await clock.advance(1)
    expect(first.state).toBe('closed')
    expect(reader.getSnapshot().status).toBe('paused')
    page.show(true)
    await clock.advance(100)
    expect((await transport.connected()).request.lastEventId).toBe('7')
  })

  it('who is back in time keeps the stream, and who does not ask for it, too', async () => {
    for (const options of [{ pauseWhenHidden: 5_000 }, {}]) {
      const { client, clock, page, transport } = setup(options)
      client.subscribe('/events')
      const stream = await transport.connected()
      page.show(false)
      await clock.advance(4_000)
      page.show(true)
      await clock.advance(60_000)
      expect(stream.state).toBe('open')
    }
  })
})

describe('a network that is not there', () => {
  it('pauses what waits, and online tries at once', async () => {
    const { client, clock, page, transport } = setup()
    const reader = client.subscribe('/events')
    ;(await transport.connected()).drop()
    page.goOnline(false)
    expect(reader.getSnapshot()).toMatchObject({ status: 'paused', retryAt: null, error: { code: 'network' } })
    await clock.advance(600_000)
    expect(transport.connections).toHaveLength(1)
    page.goOnline(true)
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })

  it('pauses what fails, and never drops what still delivers', async () => {
    const { client, clock, page, transport } = setup()
    const reader = client.subscribe('/events')
    const stream = await transport.connected()
    page.goOnline(false)
    stream.send({ data: 1 })
    await clock.advance(1_000)
    expect(reader.getSnapshot()).toMatchObject({ status: 'open', data: 1 })
    stream.drop()
    expect(reader.getSnapshot()).toMatchObject({ status: 'paused', retryAt: null })
  })

  it('the word of a browser is a hint: what is asked for is tried all the same', async () => {
    const { client, page, transport } = setup()
    page.goOnline(false)
    const reader = client.subscribe('/events')
    await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
  })
})

describe('what breaks while a page may be about to be left', () => {
  function reading(options: object = {}) {
    const parts = setup()
    const onError = vi.fn()
    const onChange = vi.fn()
    const reader = parts.client.subscribe('/events', { onError, onChange, ...options })
    return { ...parts, reader, onError, onChange }
  }

  it('is not told where it is left: no error, no snapshot; it goes on from the cursor when the page comes back', async () => {
    const { clock, page, transport, reader, onError, onChange } = reading()
    const first = await transport.connected()
    first.send({ id: '7', data: 1 })
    await clock.advance(16)
    onChange.mockClear()
    page.unload()
    first.drop()
    await clock.advance(2_900)
    expect([reader.getSnapshot().status, onChange.mock.calls, transport.connections.length]).toEqual(['open', [], 1])
    page.leave()
    await clock.advance(60_000)
    expect([onError.mock.calls, transport.connections.length, clock.pending]).toEqual([[], 1, 0])
    page.comeBack()
    expect((await transport.connected()).request.lastEventId).toBe('7')
    expect(onError).not.toHaveBeenCalled()
  })

  it('is told after three seconds where it is not: a download was all that was asked for', async () => {
    const { clock, page, transport, reader, onError } = reading()
    const first = await transport.connected()
    page.unload()
    await clock.advance(1_000)
    first.drop()
    await clock.advance(1_999)
    expect(onError).not.toHaveBeenCalled()
    await clock.advance(1)
    expect([onError.mock.calls.length, reader.getSnapshot().status]).toEqual([1, 'reconnecting'])
    await clock.advance(1_000)
    // A break later on is told at once.
    ;(await transport.connected()).drop()
    expect(onError.mock.calls.length).toBe(2)
  })

  it('close(), and another attempt, forget it, and its timer', async () => {
    const { clock, page, transport, reader, onError } = reading()
    const first = await transport.connected()
    page.unload()
    first.drop()
    reader.reconnect()
    const second = await transport.connected()
    expect(reader.getSnapshot().status).toBe('open')
    second.drop()
    reader.close()
    expect([reader.getSnapshot().status, onError.mock.calls, clock.pending]).toEqual(['closed', [], 0])
  })

  it('an answer that is not asked for again is told when the page is gone, or after the same three seconds', async () => {
    for (const leaves of [true, false]) {
      const { clock, page, transport, onError } = reading({ body: { q: 1 } })
      const stream = await transport.connected()
      page.unload()
      stream.drop()
      expect(onError).not.toHaveBeenCalled()
      if (leaves) page.leave()
      else await clock.advance(3_000)
      expect(onError.mock.calls).toMatchObject([[{ code: 'interrupted' }]])
    }
  })
})
